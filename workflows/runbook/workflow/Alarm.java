package runbook.workflow;

import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/**
 * A durable timer with a line for the timeline, which is gone when it is closed. {@code Workflow.await} with a time
 * limit would leave its timer behind, and show it as pending for weeks.
 */
final class Alarm implements AutoCloseable {

    private final CompletablePromise<Void> rung = Workflow.newPromise();
    private final CancellationScope scope;

    Alarm(Duration after, String summary) {
        TimerOptions options = TimerOptions.newBuilder().setSummary(summary).build();
        scope = Workflow.newCancellationScope(() -> rung.completeFrom(Workflow.newTimer(after, options)));
        scope.run();
        // Once it is cancelled nobody looks at the failure any more.
        rung.handle((rang, gone) -> rung);
    }

    boolean rung() {
        return rung.isCompleted();
    }

    @Override
    public void close() {
        if (!rung.isCompleted()) {
            scope.cancel("no longer waited for");
        }
    }
}
