package runbook.workflow;

import io.temporal.failure.ActivityFailure;
import java.util.List;
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
