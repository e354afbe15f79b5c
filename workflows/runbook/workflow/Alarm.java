package runbook.workflow;

import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;

/**
 * A durable timer with a line for the timeline, which is gone when it is closed. {@code Workflow.await} with a time
 * limit would leave its timer behind, and show it as pending for weeks.
 */
final class Alarm implements AutoCloseable {

    /**
     * One that rings so soon is left to ring: it may do so while we are still deciding to cancel it, and the SDK's
     * in-process server refuses to cancel a timer that has fired, again and again (processCancelTimer, 1.38). As long as
     * a workflow task may take.
     */
    private static final Duration SOON = Duration.ofSeconds(10);

    private final CompletablePromise<Void> rung = Workflow.newPromise();
    private final CancellationScope scope;
    private final Instant due;

    Alarm(Duration after, String summary) {
        TimerOptions options = TimerOptions.newBuilder().setSummary(summary).build();
        due = Journal.now().plus(after);
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
        if (!rung.isCompleted() && due.isAfter(Journal.now().plus(SOON))) {
            scope.cancel("no longer waited for");
        }
    }
}
