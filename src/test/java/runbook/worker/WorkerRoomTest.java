package runbook.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import runbook.cli.dev.DevTemporal;
import runbook.message.Tuning;

/** A worker has room for what people ask for, however many slots of other runs wait on it. */
class WorkerRoomTest {

    /** More than the places that the SDK gives a worker, few enough for the machine of a test. */
    private static final int RUNS = 26;

    private static final CountDownLatch OPEN = new CountDownLatch(1);

    @WorkflowInterface
    public interface Copying {
        @WorkflowMethod
        void copy();
    }

    public static final class CopyingImpl implements Copying {
        @Override
        public void copy() {
            Slots slots = Workflow.newActivityStub(Slots.class, options());
            List<Promise<Void>> waiting = new ArrayList<>();
            for (int slot = 0; slot < Tuning.MOST_WORKERS; slot++) {
                waiting.add(Async.procedure(slots::awaitWindow));
            }
            Promise.allOf(waiting).get();
        }
    }

    @WorkflowInterface
    public interface Asking {
        @WorkflowMethod
        String ask();
    }

    public static final class AskingImpl implements Asking {
        @Override
        public String ask() {
            return Workflow.newActivityStub(Slots.class, options()).answer();
        }
    }

    private static ActivityOptions options() {
        return ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofMinutes(10))
                .build();
    }

    @ActivityInterface
    public interface Slots {
        void awaitWindow();

        String answer();
    }

    public record Window(CountDownLatch waiting) implements Slots {
        @Override
        public void awaitWindow() {
            waiting.countDown();
            try {
                OPEN.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public String answer() {
            return "tuned";
        }
    }

    @Test
    void a_question_is_answered_while_the_slots_of_many_runs_wait_for_their_window() throws Exception {
        CountDownLatch waiting = new CountDownLatch(RUNS * Tuning.MOST_WORKERS);
        try (DevTemporal temporal =
                        DevTemporal.start(DevTemporal.Options.temporary().lookingIn(""));
                RunbookWorker worker = RunbookWorker.start(
                        RunbookWorker.Options.at(TemporalAddress.of(temporal.address(), temporal.namespace()))
                                .workflows(CopyingImpl.class, AskingImpl.class)
                                .activities(new Window(waiting)))) {
            List<WorkflowStub> copies = new ArrayList<>();
            for (int run = 0; run < RUNS; run++) {
                copies.add(start(worker, "Copying"));
            }
            try {
                assertThat(waiting.await(60, TimeUnit.SECONDS)).isTrue();

                assertThat(start(worker, "Asking").getResult(20, TimeUnit.SECONDS, String.class))
                        .isEqualTo("tuned");
            } finally {
                OPEN.countDown();
            }
            for (WorkflowStub copy : copies) {
                copy.getResult(20, TimeUnit.SECONDS, Void.class);
            }
        }
    }

    private static WorkflowStub start(RunbookWorker worker, String type) {
        WorkflowStub run = worker.connection()
                .client()
                .newUntypedWorkflowStub(
                        type,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(RunbookWorker.TASK_QUEUE)
                                .build());
        run.start();
        return run;
    }
}
