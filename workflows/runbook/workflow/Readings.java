package runbook.workflow;

import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import runbook.message.Phase;
import runbook.message.Progress;

/**
 * Looks at how far the copy is, more and more seldom: a workflow cannot see heartbeats, and each look stays in its
 * history. Fresher numbers are in the heartbeats and in the database.
 */
final class Readings {

    /** Per run; with the times between them growing by a fifth they last for five days. */
    private static final int MOST = 60;

    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofHours(6);

    private final Journal journal;
    private final Hooks hooks;
    private int left = MOST;

    Readings(Journal journal, Hooks hooks) {
        this.journal = journal;
        this.hooks = hooks;
    }

    /** Looks at a copy from time to time, until it is closed. */
    static final class Looks implements AutoCloseable {

        private boolean over;

        @Override
        public void close() {
            over = true;
        }
    }

    /** Begins to look, if this is the phase that copies. */
    Looks during(Phase phase) {
        Looks looks = new Looks();
        if (phase == Phase.BACKFILL) {
            Async.procedure(() -> look(looks));
        }
        return looks;
    }

    /** The final numbers. */
    void last(Phase phase) {
        if (phase == Phase.BACKFILL) {
            read(new Looks());
        }
    }

    private void look(Looks looks) {
        for (Duration wait = FIRST; left > 1 && !looks.over; wait = longer(wait)) {
            try (Alarm alarm = new Alarm(wait, "next look at the copy")) {
                Workflow.await(() -> looks.over || alarm.rung());
            }
            read(looks);
        }
    }

    /** A look that was under way when the copy ended is older than the final numbers. */
    private void read(Looks looks) {
        if (left > 0 && !looks.over) {
            left--;
            try {
                Progress progress = Calls.glance("looks at the copy")
                        .readProgress(journal.origin().run());
                if (!looks.over) {
                    journal.progress(progress);
                    hooks.throttled(Duration.ofMillis(progress.throttledMillis()));
                }
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
