package runbook.workflow;

import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import runbook.message.RepairReport;
import runbook.message.RepairRequest;
import runbook.message.StatusRepair;
import runbook.message.Verb;

/** Takes {@code repair}. A repair proves nothing: what failed is run again, and only that verdict counts. */
final class Repairs implements Judge.Rule {

    private final Journal journal;
    private final Judge judge;
    private final Watch watch;
    private final Errands errands;
    private final Proof proof;
    private final Parking parking;

    Repairs(Journal journal, Judge judge, Watch watch, Errands errands, Proof proof, Parking parking) {
        this.journal = journal;
        this.judge = judge;
        this.watch = watch;
        this.errands = errands;
        this.proof = proof;
        this.parking = parking;
        judge.rule(Verb.REPAIR, this);
    }

    @Override
    public @Nullable String refusal(Message message) {
        if (!journal.parked() && journal.cleanupApproved()) {
            return "Not now: the old shape is retired, so there is nothing left to compare with.";
        }
        boolean waits = journal.parked()
                || journal.evidence() != null
                || journal.place().equals("soak");
        return waits ? null : "Not now: repairs are possible while the run is parked, at a gate, or in the soak.";
    }

    @Override
    public @Nullable String take(Message message) {
        errands.ask(message, () -> carryOut(message));
        return null;
    }

    private void carryOut(Message message) {
        boolean dryRun = message.body().flag("dryRun", true);
        RepairRequest request = new RepairRequest(
                journal.request(proof.phase()),
                message.text("check"),
                message.text("repair"),
                dryRun,
                message.text("requestedBy"),
                journal.origin().once(message));
        try {
            PhaseActivities activities = Calls.within(Duration.ofDays(1), dryRun ? "repair, dry run" : "repair");
            RepairReport report = watch.over(() -> Async.function(activities::repair, request));
            if (report.refused().isEmpty()) {
                done(message, report);
            } else {
                judge.ignore(message, report.refused());
            }
        } catch (ActivityFailure failure) {
            judge.ignore(message, "It was not carried out. " + Failures.sentence(failure));
        }
    }

    private void done(Message message, RepairReport report) {
        journal.dealings()
                .repaired(new StatusRepair(
                        message.text("check"), message.text("repair"), message.text("requestedBy"), report));
        String sentence = sentence(report);
        journal.dealings().note(sentence);
        message.accept(sentence + (report.dryRun() ? "" : parking.cured()));
    }

    private static String sentence(RepairReport report) {
        if (report.keys() == 0) {
            return "The check finds nothing to repair now; nothing was changed.";
        }
        String did = (report.dryRun() ? "Dry run: would change " : "Changed ") + report.rows() + " rows of "
                + report.keys() + " keys; truth: " + report.truth() + ".";
        if (report.rows() == 0) {
            return did + " That cures nothing: another repair is needed, or the rows are right again.";
        }
        return did + (report.dryRun() ? " Send it again with \"dryRun\": false to change them." : "");
    }
}
