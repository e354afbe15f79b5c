package runbook.engine;

import static runbook.generated.engine.Tables.APPROVAL;

import java.time.ZoneOffset;
import java.util.Map;
import runbook.message.Act;
import runbook.message.Approval;
import runbook.message.Attestation;
import runbook.message.Evidence;

/** Keeps what was approved, by whom, and what was shown to them. */
public final class Approvals {

    private Approvals() {}

    /** Writes an approval that counts and its audit line, once per event of the history. */
    public static void keep(Target target, Approval approval) {
        Evidence evidence = approval.evidence();
        Attestation sender = approval.sender();
        Attestation starter = approval.starter();
        target.inTransaction(tx -> {
            Runs.fence(tx, approval.run());
            tx.insertInto(APPROVAL)
                    .set(APPROVAL.RUN, approval.run().id())
                    .set(APPROVAL.GATE, evidence.gate())
                    .set(APPROVAL.EVIDENCE, evidence.hash())
                    .set(APPROVAL.DECISION, evidence.decision())
                    .set(APPROVAL.APPROVER, approval.approver())
                    .set(APPROVAL.COMMENT, approval.comment())
                    .set(APPROVAL.IDENTITY, sender.identity())
                    .set(APPROVAL.PRINCIPAL, sender.principal())
                    .set(APPROVAL.STARTED_BY, starter == null ? "" : starter.identity())
                    .set(APPROVAL.SAME_IDENTITY, approval.sameIdentity())
                    .set(APPROVAL.WORKFLOW_RUN, approval.run().workflowRun())
                    .set(APPROVAL.EVENT_ID, sender.eventId())
                    .set(APPROVAL.APPROVED_AT, sender.at().atOffset(ZoneOffset.UTC))
                    .onConflictDoNothing()
                    .execute();
            Runs.write(
                    tx,
                    new Act(
                            approval.run(),
                            "approve",
                            evidence.gate(),
                            approval.approver(),
                            Map.of("evidence", evidence.hash(), "identity", sender.identity()),
                            "approve/" + approval.run().workflowRun() + "/" + sender.eventId()));
            return approval;
        });
    }
}
