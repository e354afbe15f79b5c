package runbook.workflow;

import io.temporal.workflow.CancellationScope;
import org.jspecify.annotations.Nullable;
import runbook.message.Outcome;
import runbook.message.Start;
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
        return "Too late: the clean-up has been approved." + possible();
    }

    /** Until the drop begins what is retired can come back, once no workflow is left that could drop it. */
    private String possible() {
        String retry = journal.parked() ? " Possible: 'retry'." : "";
        if (journal.report().phases().stream().anyMatch(line -> line.phase().equals("drop"))) {
            return retry;
        }
        Start start = journal.origin().start();
        String unarchive = "'./runbook unarchive " + start.migration() + " --target " + start.target()
                + "' brings them back, and counts first what that loses.";
        if (journal.parked() && !journal.rests()) {
            return retry + " Once the old objects are retired and the run has ended, " + unarchive;
        }
        return start.drop()
                ? " Possible: " + (journal.parked() ? "'retry'" : "reject at the gate drop")
                        + ", or 'temporal workflow cancel', and the retired objects stay. Then " + unarchive
                : " Possible: the run ends with the old objects retired. Then " + unarchive;
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
