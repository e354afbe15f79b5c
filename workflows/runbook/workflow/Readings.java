package runbook.workflow;

import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import runbook.message.Phase;

/**
 * Looks at how far the copy is, more and more seldom: a workflow cannot see heartbeats, and each look stays in its
 * history. Fresher numbers are in the heartbeats and in the database.
 */
final class Readings {

    /** Per run; with the times between them growing by a fifth they last for five days. */
    private static final int MOST = 60;

    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofHours(6);
    private static final TimerOptions TIMER =
            TimerOptions.newBuilder().setSummary("next look at the copy").build();

    private final Journal journal;
    private int left = MOST;

    Readings(Journal journal) {
        this.journal = journal;
    }

    /** Looks until the scope is cancelled, if this is the phase that copies. */
    CancellationScope during(Phase phase) {
        CancellationScope scope = Workflow.newCancellationScope(() -> {
            if (phase == Phase.BACKFILL) {
                Async.procedure(this::look);
            }
        });
        scope.run();
        return scope;
    }

    /** The final numbers. */
    void last(Phase phase) {
        if (phase == Phase.BACKFILL) {
            read();
        }
    }

    private void look() {
        try {
            for (Duration wait = FIRST; left > 1; wait = longer(wait)) {
                Workflow.newTimer(wait, TIMER).get();
                read();
            }
        } catch (CanceledFailure over) {
            Workflow.getLogger(Readings.class).debug("the copy has ended, no further looks");
        }
    }

    private void read() {
        if (left > 0 && !CancellationScope.current().isCancelRequested()) {
            left--;
            try {
                journal.progress(Calls.glance("looks at the copy")
                        .readProgress(journal.origin().run()));
            } catch (ActivityFailure failure) {
                // The numbers shown stay as they were, with their time; the copy itself reports what is wrong.
                Workflow.getLogger(Readings.class).info("no reading: {}", Failures.sentence(failure));
            }
        }
    }

    private static Duration longer(Duration wait) {
        Duration next = wait.multipliedBy(6).dividedBy(5);
        return next.compareTo(LONGEST) < 0 ? next : LONGEST;
    }
}
