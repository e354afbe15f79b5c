package runbook.workflow;

import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import runbook.worker.StickyQueues;

/** The worker of a rig, and whoever takes over from it. */
final class OneWorker {

    private final TestWorkflowEnvironment temporal;
    private final String queue;
    private final FakeTarget target;
    private WorkerFactory factory;

    OneWorker(TestWorkflowEnvironment temporal, String queue, FakeTarget target) {
        this.temporal = temporal;
        this.queue = queue;
        this.target = target;
        this.factory = temporal.getWorkerFactory();
    }

    /** For a server that would wait for ever for a worker that is gone. */
    static TestEnvironmentOptions.Builder replaceable() {
        return TestEnvironmentOptions.newBuilder()
                .setWorkflowServiceStubsOptions(WorkflowServiceStubsOptions.newBuilder()
                        .setGrpcClientInterceptors(List.of(new StickyQueues(() -> false)))
                        .build());
    }

    void employ(Build build) {
        var worker = factory.newWorker(
                queue,
                WorkerOptions.newBuilder()
                        .setMaxHeartbeatThrottleInterval(Duration.ofMillis(50))
                        .build());
        build.register(worker);
        worker.registerActivitiesImplementations(target);
        factory.start();
    }

    void replace(Build build) {
        end();
        factory = WorkerFactory.newInstance(
                temporal.getWorkflowClient(),
                WorkerFactoryOptions.newBuilder()
                        .setWorkerInterceptors(new SignalEvents())
                        .build());
        employ(build);
    }

    void end() {
        factory.shutdownNow();
        factory.awaitTermination(10, TimeUnit.SECONDS);
    }
}
