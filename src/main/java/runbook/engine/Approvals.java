package runbook.engine;

import static runbook.generated.engine.Tables.APPROVAL;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import runbook.message.Act;
import runbook.message.Approval;
import runbook.message.Attestation;
import runbook.message.Evidence;
import runbook.message.Judged;

/** Keeps what was approved, by whom, what was shown to them, and what it is worth. */
public final class Approvals {

    private Approvals() {}

    /** Writes an approval that is counted and its audit line, once per event of the history. */
    public static void keep(Target target, Approval approval) {
        Evidence evidence = approval.evidence();
        Attestation sender = approval.sender();
        Attestation starter = approval.starter();
        Instant until = approval.until();
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
                    .set(APPROVAL.PERSON, approval.person())
                    .set(APPROVAL.EXPIRES_AT, until == null ? null : until.atOffset(ZoneOffset.UTC))
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

    /** Notes what an approval is worth now, unless something newer is known already. */
    public static void judged(Target target, Judged judged) {
        target.inTransaction(tx -> {
            Runs.fence(tx, judged.run());
            return tx.update(APPROVAL)
                    .set(APPROVAL.VALIDITY, judged.validity().word())
                    .set(APPROVAL.JUDGED, judged.number())
                    .where(APPROVAL.WORKFLOW_RUN.eq(judged.run().workflowRun()))
                    .and(APPROVAL.EVENT_ID.eq(judged.event()))
                    .and(APPROVAL.JUDGED.lt(judged.number()))
                    .execute();
        });
    }
}
