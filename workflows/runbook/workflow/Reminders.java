package runbook.workflow;

import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import runbook.message.Notice;
import runbook.message.Occasion;
import runbook.message.Outcome;
import runbook.message.Overdue;
import runbook.message.StatusWait;
import runbook.message.Wait;

/**
 * Counts how long the run waits for people: reminds them, and ends a wait whose deadline has come as the input says, by
 * the time of the run alone. It takes the run back or leaves it where it is; it never lets it go on.
 */
final class Reminders {

    /** After so many they come half as often, and so on: a wait may last for years, and a history has an end. */
    private static final int OFTEN = 20;

    private final Journal journal;
    private final Hooks hooks;
    private final List<Waiting> open = new ArrayList<>();
    private @Nullable Waiting overdue;

    Reminders(Journal journal, Judge judge, Hooks hooks) {
        this.journal = journal;
        this.hooks = hooks;
        journal.dealings().waits(this::shown);
        judge.onStop(() -> overdue != null && journal.leaving() == null, this::leave);
    }

    /** Begins to count, until it is closed. */
    Waiting begin(String at) {
        Wait wait = journal.origin().start().waiting(at);
        Instant now = Journal.now();
        Duration deadline = wait.deadline();
        Instant end = deadline == null ? null : now.plus(deadline);
        Waiting waiting = new Waiting(wait, new StatusWait(at, now, 0, null, end, wait.onDeadline()));
        open.add(waiting);
        journal.dealings().waited();
        if (end != null || wait.remind() != null) {
            Async.procedure(waiting::count);
        }
        return waiting;
    }

    /** A pause ends without a word when the run goes back. */
    private List<StatusWait> shown() {
        return open.stream()
                .map(waiting -> waiting.shown)
                .filter(wait -> !wait.at().equals("paused") || journal.paused())
                .filter(wait -> !wait.at().equals("held") || journal.leaving() == null)
                .toList();
    }

    private void leave() {
        Waiting late = overdue;
        overdue = null;
        if (late == null) {
            return;
        }
        String at = late.shown.at();
        String reason = "Nobody has decided within " + late.wait.deadline() + ": " + at + ".";
        boolean drop = at.equals("drop") && journal.rests();
        if (journal.cleanupApproved() && !drop) {
            journal.dealings().note(reason + " There is no way back any more; a person must decide.");
            return;
        }
        Overdue how = late.shown.onDeadline();
        Outcome outcome = how == Overdue.ROLLBACK
                ? Outcome.ROLLED_BACK
                : how == Overdue.ABORT ? Outcome.ABORTED : drop ? Outcome.COMPLETED : Outcome.REJECTED;
        Leave leave = journal.leave(new Leave(how.word(), outcome, "the deadline", reason));
        journal.dealings().note(reason + " " + leave.sentence());
        throw leave;
    }

    /** One wait for people. */
    final class Waiting implements AutoCloseable {

        private final Wait wait;
        private StatusWait shown;
        private boolean closed;

        private Waiting(Wait wait, StatusWait shown) {
            this.wait = wait;
            this.shown = shown;
        }

        @Override
        public void close() {
            closed = true;
            open.remove(this);
            if (overdue == this) {
                overdue = null;
            }
            journal.dealings().waited();
        }

        private void count() {
            Instant end = shown.deadline();
            Instant next = after(shown.since());
            while (next != null || end != null) {
                boolean last = end != null && (next == null || !next.isBefore(end));
                Instant until = last ? end : next;
                if (until == null || !lasts(until, last)) {
                    return;
                }
                remind();
                tell(last);
                if (last) {
                    overdue = shown.onDeadline() == Overdue.WAIT ? null : this;
                    end = null;
                } else {
                    next = after(until);
                }
            }
        }

        private @Nullable Instant after(Instant then) {
            Duration every = wait.remind();
            return every == null ? null : then.plus(every.multipliedBy(1L << Math.min(20, shown.reminders() / OFTEN)));
        }

        /** Whether it is still waited for at that time. */
        private boolean lasts(Instant until, boolean last) {
            Duration rest = Duration.between(Journal.now(), until);
            if (!over() && !rest.isZero() && !rest.isNegative()) {
                String summary = shown.at()
                        + (last ? ": deadline, then " + wait.onDeadline().word() : ": reminder");
                try (Alarm alarm = new Alarm(rest, summary)) {
                    Workflow.await(() -> alarm.rung() || over());
                }
            }
            return !over();
        }

        private boolean over() {
            return closed
                    || shown.at().equals("paused") && !journal.paused()
                    || shown.at().equals("held") && journal.leaving() != null;
        }

        private void tell(boolean last) {
            Notice notice = hooks.notice(last ? Occasion.DEADLINE : Occasion.REMINDER, shown.at());
            hooks.tell(last ? notice.with(shown.onDeadline().word(), List.of()) : notice);
        }

        private void remind() {
            shown = shown.reminded(Journal.now());
            Workflow.getLogger(Reminders.class)
                    .warn(
                            "{}: waits for people since {}: {}. Look: temporal workflow metadata -w {}",
                            Workflow.getInfo().getWorkflowId(),
                            shown.since(),
                            shown.at(),
                            Workflow.getInfo().getWorkflowId());
            journal.dealings().waited();
        }
    }
}
