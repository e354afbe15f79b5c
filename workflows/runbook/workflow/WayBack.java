package runbook.workflow;

import io.temporal.workflow.CancellationScope;
import org.jspecify.annotations.Nullable;
import runbook.message.Outcome;
import runbook.message.Verb;

/** Takes {@code rollback}, of a stage too, and {@code abort}, and {@code temporal workflow cancel}, which does what abort does. */
final class WayBack implements Judge.Rule {

    private final Journal journal;
    private final Steering steering;

    WayBack(Journal journal, Judge judge, Steering steering) {
        this.journal = journal;
        this.steering = steering;
        judge.rule(Verb.ROLLBACK, this);
        judge.rule(Verb.ABORT, this);
    }

    /** Watches the scope that Temporal cancels; the run itself works in a detached one, and goes back in order. */
    void watch(Judge judge, CancellationScope root) {
        judge.onStop(() -> root.isCancelRequested() && mayStop(), this::cancel);
    }

    @Override
    public @Nullable String refusal(Message message) {
        if (!journal.cleanupApproved()) {
            return ofStage(message) ? steering.refusal(message) : null;
        }
        String possible = journal.parked()
                ? " Possible: 'retry'."
                : journal.origin().start().drop()
                        ? " Possible: reject at the gate drop, and the retired objects stay."
                        : "";
        return "Too late: the clean-up has been approved." + possible;
    }

    @Override
    public @Nullable String take(Message message) {
        if (ofStage(message)) {
            return steering.take(message);
        }
        Outcome outcome = message.verb() == Verb.ABORT ? Outcome.ABORTED : Outcome.ROLLED_BACK;
        throw journal.leave(new Leave(message.word(), outcome, message.text("requestedBy"), message.text("reason")));
    }

    private static boolean ofStage(Message message) {
        return !message.text("stage").isEmpty();
    }

    /** Once the clean-up is approved there is no way back, but between retiring and dropping the run can end. */
    private boolean mayStop() {
        return journal.origin().begun() && journal.leaving() == null && (!journal.cleanupApproved() || journal.rests());
    }

    private void cancel() {
        Outcome outcome = journal.cleanupApproved() ? Outcome.COMPLETED : Outcome.ABORTED;
        throw journal.leave(new Leave("cancel", outcome, "temporal workflow cancel", ""));
    }
}
