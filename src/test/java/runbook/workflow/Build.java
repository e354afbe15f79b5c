package runbook.workflow;

import io.temporal.worker.Worker;
import java.util.stream.Stream;

/** The workflow code that a worker was built with. */
interface Build {

    void register(Worker worker);

    static void today(Worker worker) {
        worker.registerWorkflowImplementationTypes(Workflows.types());
    }

    /** Today's, with another bound for the history. */
    static Build bounded(int events) {
        return worker -> {
            worker.registerWorkflowImplementationFactory(
                    MigrationWorkflow.class, () -> new MigrationWorkflowImpl(events));
            worker.registerWorkflowImplementationTypes(
                    Stream.of(Workflows.types()).skip(1).toArray(Class<?>[]::new));
        };
    }

    /** A later one, whose run and whose validation do more, each behind a version. */
    static void later(Worker worker) {
        worker.registerWorkflowImplementationTypes(with(LaterMigration.class, LaterValidation.class));
    }

    /** The same change to the run without a version. */
    static void careless(Worker worker) {
        worker.registerWorkflowImplementationTypes(with(CarelessMigration.class, ValidationWorkflowImpl.class));
    }

    private static Class<?>[] with(Class<?> migration, Class<?> validation) {
        return Stream.of(Workflows.types())
                .map(type -> type == MigrationWorkflowImpl.class
                        ? migration
                        : type == ValidationWorkflowImpl.class ? validation : type)
                .toArray(Class<?>[]::new);
    }
}
