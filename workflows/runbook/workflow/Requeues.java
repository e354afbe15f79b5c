package runbook.workflow;

import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import runbook.message.Act;
import runbook.message.Phase;
import runbook.message.RequeueReport;
import runbook.message.RequeueRequest;
import runbook.message.Verb;

/** Takes {@code requeue}: rows that the database refused are tried again, after somebody has corrected them. */
final class Requeues implements Judge.Rule {

    private final Journal journal;
    private final Judge judge;
    private final Watch watch;
    private final Errands errands;
    private final Children children;
    private final Parking parking;

    Requeues(Journal journal, Judge judge, Watch watch, Errands errands, Children children, Parking parking) {
        this.journal = journal;
        this.judge = judge;
        this.watch = watch;
        this.errands = errands;
        this.children = children;
        this.parking = parking;
        judge.rule(Verb.REQUEUE, this);
    }

    @Override
    public @Nullable String refusal(Message message) {
        if (!journal.began(Phase.BACKFILL)) {
            return "Not now: nothing was copied yet, so nothing was refused.";
        }
        if (journal.cleanupApproved()) {
            return "Too late: the old shape is retired.";
        }
        boolean waits = journal.parked()
                || journal.evidence() != null
                || journal.place().equals("soak");
        return waits ? null : "Not now: rows are tried again while the run is parked, at a gate, or in the soak.";
    }

    @Override
    public @Nullable String take(Message message) {
        if (journal.parked() && journal.place().equals(Phase.BACKFILL.word())) {
            audit(message);
            parking.release();
            return "The backfill goes on, and tries every row in quarantine again.";
        }
        errands.ask(message, () -> carryOut(message));
        return null;
    }

    private void audit(Message message) {
        Calls.run("audits: requeue")
                .audit(new Act(
                        journal.origin().run(),
                        "requeue",
                        Phase.BACKFILL.word(),
                        message.text("requestedBy"),
                        Map.of("reason", message.text("reason")),
                        journal.origin().once(message)));
    }

    private void carryOut(Message message) {
        RequeueRequest request = new RequeueRequest(
                journal.request(Phase.BACKFILL),
                message.text("requestedBy"),
                message.text("reason"),
                journal.origin().once(message));
        try {
            PhaseActivities activities = Calls.within(Duration.ofDays(1), "requeue: tries refused rows again");
            RequeueReport report = watch.over(() -> Async.function(activities::requeue, request));
            children.look();
            String sentence = report.words();
            journal.dealings().note(sentence);
            message.accept(sentence + parking.cured());
        } catch (ActivityFailure failure) {
            judge.ignore(message, "It was not carried out. " + Failures.sentence(failure));
        }
    }
}
