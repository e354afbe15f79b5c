package runbook.engine;

import static runbook.generated.engine.Tables.APPROVAL;

import java.time.ZoneOffset;
import java.util.Map;
import runbook.message.Act;
import runbook.message.Attest;
import runbook.message.Attestation;

/** Keeps what was approved, by whom, and what was shown to them. */
public final class Approvals {

    private Approvals() {}

    /** Writes the approval and its audit line, once per event of the history. */
    public static void keep(Target target, Attest attest, Attestation attestation) {
        target.inTransaction(tx -> {
            Runs.fence(tx, attest.run());
            tx.insertInto(APPROVAL)
                    .set(APPROVAL.RUN, attest.run().id())
                    .set(APPROVAL.GATE, attest.gate())
                    .set(APPROVAL.EVIDENCE, attest.evidence())
                    .set(APPROVAL.DECISION, attest.decision())
                    .set(APPROVAL.APPROVER, attest.approver())
                    .set(APPROVAL.COMMENT, attest.comment())
                    .set(APPROVAL.IDENTITY, attestation.identity())
                    .set(APPROVAL.PRINCIPAL, attestation.principal())
                    .set(APPROVAL.WORKFLOW_RUN, attest.run().workflowRun())
                    .set(APPROVAL.EVENT_ID, attestation.eventId())
                    .set(APPROVAL.APPROVED_AT, attestation.at().atOffset(ZoneOffset.UTC))
                    .onConflictDoNothing()
                    .execute();
            Runs.write(
                    tx,
                    new Act(
                            attest.run(),
                            "approve",
                            attest.gate(),
                            attest.approver(),
                            Map.of("evidence", attest.evidence(), "identity", attestation.identity()),
                            "approve/" + attest.run().workflowRun() + "/" + attestation.eventId()));
            return attest;
        });
    }
}
