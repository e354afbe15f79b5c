package runbook.workflow;

import io.temporal.activity.ActivityInterface;
import runbook.message.Act;
import runbook.message.Admission;
import runbook.message.Admit;
import runbook.message.Approval;
import runbook.message.Attest;
import runbook.message.Attestation;
import runbook.message.Control;
import runbook.message.End;
import runbook.message.Evidence;
import runbook.message.Judged;
import runbook.message.PhaseRequest;
import runbook.message.Progress;
import runbook.message.Run;
import runbook.message.Stand;
import runbook.message.Tune;

/** What concerns the run as a whole: its row, its approvals, its audit. Every method may run twice. */
@ActivityInterface
public interface RunActivities {

    /** Checks the start against migration and target, then opens the run's row, or adopts one whose owner is gone. */
    Admission admit(Admit admit);

    /** What people decide on at a gate, from what the database holds now. */
    Evidence gatherEvidence(PhaseRequest phase, String gate);

    /** Reads from the history who sent an approval; keeps nothing. */
    Attestation attest(Attest attest);

    /** Keeps an approval that is counted, and what was shown to the one who gave it. */
    void keepApproval(Approval approval);

    /** Notes in the target what an approval is worth now. */
    void judged(Judged judged);

    /** Writes one line of the audit, once. */
    void audit(Act act);

    /** Tells running batches what is wanted. */
    void control(Control control);

    /** Tells running batches how they should run; audited once. */
    void tune(Tune tune);

    /** Notes in the target where the run stands. */
    void stand(Stand stand);

    /** How far the copy is. */
    Progress readProgress(Run run);

    /** Closes the run's row. */
    void end(End end);
}
