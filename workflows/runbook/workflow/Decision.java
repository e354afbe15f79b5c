package runbook.workflow;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import runbook.message.Act;
import runbook.message.Approval;
import runbook.message.Attest;
import runbook.message.Attestation;
import runbook.message.Evidence;
import runbook.message.FourEyes;
import runbook.message.Names;
import runbook.message.Outcome;
import runbook.message.Start;
import runbook.message.StatusApproval;
import runbook.message.Verb;

/** Whether an approval or a rejection counts: who may give it, and on which evidence. */
final class Decision {

    private final Journal journal;

    Decision(Journal journal) {
        this.journal = journal;
    }

    /** What speaks against it; {@code evidence} is {@code null} while the gate is not open. */
    @Nullable
    String refusal(Message message, @Nullable Evidence evidence) {
        String quoted = message.text("evidence");
        if (!quoted.matches("[0-9a-f]{8,64}")) {
            return "'evidence': expected 8 to 64 characters of 0-9 and a-f, as the gate shows them.";
        }
        String reason = refusal(message.text("approver"), message.verb() == Verb.REJECT);
        if (reason != null || evidence == null) {
            return reason;
        }
        if (!evidence.hash().startsWith(quoted)) {
            return "Not the evidence of now, which is " + evidence.hash().substring(0, 8) + ": look again.";
        }
        return message.verb() == Verb.REJECT || evidence.blocking().isEmpty()
                ? null
                : "The gate cannot be passed now. " + String.join(" ", evidence.blocking());
    }

    /** Keeps who sent it; a rejection leaves the way forward. Tells why it does not count after all. */
    @Nullable
    String take(Message message, Evidence evidence) {
        if (message.verb() == Verb.REJECT) {
            Outcome outcome = evidence.gate().equals("drop") ? Outcome.COMPLETED : Outcome.REJECTED;
            throw journal.leave(new Leave("reject", outcome, message.text("approver"), message.text("comment")));
        }
        Approval approval = new Approval(
                journal.origin().run(),
                evidence,
                message.text("approver"),
                message.text("comment"),
                attested(message, evidence.gate()),
                journal.origin().starter());
        String reason = refusal(approval);
        if (reason != null) {
            audit(message, "refuse approval", reason);
            return reason;
        }
        Calls.run("keeps the approval: " + evidence.gate()).keepApproval(approval);
        journal.dealings().approved(shown(approval));
        return null;
    }

    private Attestation attested(Message message, String gate) {
        return Calls.run("attests: " + gate)
                .attest(new Attest(
                        journal.origin().run(),
                        gate,
                        message.event(),
                        message.updateId().isEmpty() ? null : message.updateId()));
    }

    /** What the sender's identity says against it. */
    private @Nullable String refusal(Approval approval) {
        Start start = journal.origin().start();
        String identity = approval.sender().identity();
        if (!identity.isBlank() && Names.same(identity, start.requestedBy())) {
            return "It was sent by the requester, who may not approve.";
        }
        if (start.fourEyes() == FourEyes.NAMES) {
            return null;
        }
        if (approval.sameIdentity()) {
            return "It was sent with the identity that started the run; this run asks for another one.";
        }
        return identity.isBlank()
                ? "It came without an identity, and this run compares them: send it with temporal and --identity."
                : null;
    }

    private static StatusApproval shown(Approval approval) {
        Attestation sender = approval.sender();
        return new StatusApproval(
                approval.evidence().gate(),
                approval.evidence().hash(),
                approval.approver(),
                approval.comment(),
                sender.identity(),
                sender.principal(),
                approval.sameIdentity(),
                sender.eventId(),
                sender.at());
    }

    private @Nullable String refusal(String approver, boolean rejects) {
        boolean requester = Names.same(approver, journal.origin().start().requestedBy());
        if (requester) {
            return rejects ? null : "The requester may not approve: a second pair of eyes is asked for.";
        }
        List<String> approvers = journal.origin().start().approvers();
        return approvers.isEmpty() || approvers.stream().anyMatch(listed -> Names.same(listed, approver))
                ? null
                : "'" + approver + "' is not among the approvers: " + String.join(", ", approvers);
    }

    private void audit(Message message, String act, String reason) {
        Calls.run("audits: " + act)
                .audit(new Act(
                        journal.origin().run(),
                        act,
                        message.text("gate"),
                        message.text("approver"),
                        Map.of("reason", reason, "evidence", message.text("evidence")),
                        journal.origin().once(message)));
    }
}
