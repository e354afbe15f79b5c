package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class AlarmTest {

    /** Long enough for the signal to come first, short enough for one workflow task. */
    private static final Duration SOON = Duration.ofMillis(700);

    /** Waits for a signal with an alarm beside it, and is slow to close that. */
    @WorkflowInterface
    public interface Sluggish {

        @WorkflowMethod
        String run();

        @SignalMethod
        void go();
    }

    public static final class SluggishImpl implements Sluggish {

        private boolean asked;

        @Override
        public String run() {
            try (Alarm alarm = new Alarm(SOON, "rings while a task decides")) {
                Workflow.await(() -> asked || alarm.rung());
                LockSupport.parkNanos(SOON.plusMillis(100).toNanos());
            }
            Workflow.sleep(Duration.ofMillis(10));
            return "closed";
        }

        @Override
        public void go() {
            asked = true;
        }
    }

    @Test
    void one_that_rings_while_it_is_closed_holds_nothing_up() throws Exception {
        try (TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance(
                TestEnvironmentOptions.newBuilder().setUseTimeskipping(false).build())) {
            temporal.newWorker("alarms").registerWorkflowImplementationTypes(SluggishImpl.class);
            temporal.start();
            WorkflowOptions options =
                    WorkflowOptions.newBuilder().setTaskQueue("alarms").build();
            Sluggish run = temporal.getWorkflowClient().newWorkflowStub(Sluggish.class, options);
            WorkflowClient.start(run::run);
            run.go();

            assertThat(WorkflowStub.fromTyped(run).getResult(15, TimeUnit.SECONDS, String.class))
                    .isEqualTo("closed");
        }
    }
}
