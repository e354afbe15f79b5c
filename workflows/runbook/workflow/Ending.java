package runbook.workflow;

import io.temporal.failure.ActivityFailure;
import java.util.List;
import java.util.Map;
import runbook.message.Act;
import runbook.message.End;
import runbook.message.Outcome;

/** Closes the run's row in the target. Until that is done the run stays open. */
final class Ending {

    private final Journal journal;
    private final Parking parking;

    Ending(Journal journal, Parking parking) {
        this.journal = journal;
        this.parking = parking;
    }

    /** Keeps who ended the way forward. Where that cannot be written the way back does not wait for it. */
    void audit(Leave leave) {
        try {
            Calls.run("audits: " + leave.verb())
                    .audit(new Act(
                            journal.origin().run(),
                            leave.verb(),
                            journal.place(),
                            leave.requestedBy(),
                            Map.of("reason", leave.reason()),
                            journal.origin().once(leave.verb())));
        } catch (ActivityFailure failure) {
            journal.dealings().note(leave.sentence() + " It could not be audited: " + Failures.sentence(failure));
        }
    }

    void close(Outcome outcome) {
        Leave leaving = journal.leaving();
        String requestedBy = leaving == null ? journal.origin().start().requestedBy() : leaving.requestedBy();
        String reason = leaving == null ? "" : leaving.reason();
        while (true) {
            try {
                Calls.run("closes the run as " + outcome.word())
                        .end(new End(journal.origin().run(), outcome, requestedBy, reason));
                return;
            } catch (ActivityFailure failure) {
                parking.park(List.of("The run could not be closed. " + Failures.sentence(failure)));
            }
        }
    }
}
