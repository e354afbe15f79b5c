package runbook.workflow;

import java.util.List;

/** What a worker registers: {@code worker.registerWorkflowImplementationTypes(Workflows.types())}. */
public final class Workflows {

    private static final List<Class<?>> TYPES = List.of(
            MigrationWorkflowImpl.class,
            AssessmentWorkflowImpl.class,
            BackupWorkflowImpl.class,
            SchemaWorkflowImpl.class,
            BackfillWorkflowImpl.class,
            ValidationWorkflowImpl.class,
            CleanupWorkflowImpl.class,
            DropWorkflowImpl.class,
            RollbackWorkflowImpl.class);

    private Workflows() {}

    public static Class<?>[] types() {
        return TYPES.toArray(Class<?>[]::new);
    }
}
