package runbook.workflow;

import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import runbook.message.Act;
import runbook.message.Approval;
import runbook.message.Attest;
import runbook.message.Attestation;
import runbook.message.Evidence;
import runbook.message.Identity;
import runbook.message.Names;
import runbook.message.Outcome;
import runbook.message.Policy;
import runbook.message.StatusApproval;
import runbook.message.Validity;
import runbook.message.Verb;

/** Whether an approval, a rejection or a withdrawal counts: who may give it, when, and on which evidence. */
final class Decision {

    private final Journal journal;
    private final Approvals approvals;

    Decision(Journal journal) {
        this.journal = journal;
        this.approvals = journal.dealings().approvals();
    }

    /** What speaks against it; {@code evidence} is {@code null} while the gate is not open. Only looks. */
    @Nullable
    String refusal(Message message, @Nullable Evidence evidence) {
        String quoted = message.text("evidence");
        boolean withdraws = message.verb() == Verb.WITHDRAW;
        if (!quoted.matches("[0-9a-f]{8,64}") && !(withdraws && quoted.isEmpty())) {
            return "'evidence': expected 8 to 64 characters of 0-9 and a-f, as the gate shows them.";
        }
        Sender sender = sender(message, null);
        String reason = refusal(message, sender);
        if (reason != null || evidence == null) {
            return reason;
        }
        if (!withdraws && !evidence.hash().startsWith(quoted)) {
            return "Not the evidence of now, which is " + evidence.hash().substring(0, 8) + ": look again.";
        }
        if (message.verb() == Verb.APPROVE && !evidence.blocking().isEmpty()) {
            return "The gate cannot be passed now. " + String.join(" ", evidence.blocking()) + renewal();
        }
        return sender.known() ? against(message, sender.person()) : null;
    }

    /** Most of what blocks goes when it is proved again; behind the clean-up there is nothing to prove. */
    private String renewal() {
        String id = Workflow.getInfo().getWorkflowId();
        Commands commands = new Commands(Workflow.getInfo().getNamespace(), id);
        return journal.cleanupApproved() ? "" : " To prove it anew: " + commands.line("retry", Commands.request());
    }

    /** Does what it asks for; a rejection leaves the way forward. Tells why it does not count after all. */
    @Nullable
    String take(Message message, Evidence evidence) {
        String reason = closed(message);
        if (reason != null) {
            return reason;
        }
        boolean claimed = policy(message).identity() == Identity.CLAIMED;
        boolean asked = message.verb() == Verb.APPROVE || !claimed;
        Attestation told = asked ? attested(message) : null;
        Sender sender = sender(message, told);
        reason = refusal(message, sender);
        reason = reason == null ? against(message, sender.person()) : reason;
        if (reason != null) {
            audit(message, "refuse " + (message.verb() == Verb.APPROVE ? "approval" : message.word()), reason);
            return reason;
        }
        if (message.verb() == Verb.WITHDRAW) {
            audit(message, message.word(), message.text("comment"));
            approvals.withdraw(own(message, sender.person()));
        } else if (message.verb() == Verb.REJECT || told == null) {
            Outcome outcome = evidence.gate().equals("drop") ? Outcome.COMPLETED : Outcome.REJECTED;
            throw journal.leave(new Leave("reject", outcome, message.text("approver"), message.text("comment")));
        } else {
            keep(message, evidence, told);
        }
        return null;
    }

    /** Outside of its window an approval does not count. Kept in the history, so it is no part of {@link #refusal}. */
    private @Nullable String closed(Message message) {
        Policy policy = policy(message);
        Optional<Instant> opens = message.verb() == Verb.APPROVE ? Opening.later(policy.window()) : Optional.empty();
        return opens.map(open -> "Approvals of the gate " + message.text("gate") + " count "
                        + String.join(" or ", policy.window().windows()) + ": send it again from " + Opening.said(open)
                        + " on.")
                .orElse(null);
    }

    private void keep(Message message, Evidence evidence, Attestation told) {
        Policy policy = policy(message);
        Duration expires = policy.expires();
        Approval approval = new Approval(
                journal.origin().run(),
                evidence,
                message.text("approver"),
                message.text("comment"),
                told,
                journal.origin().starter(),
                policy.identity().person(message.text("approver"), told),
                expires == null ? null : told.at().plus(expires));
        Calls.run("keeps the approval: " + evidence.gate()).keepApproval(approval);
        approvals.add(approval);
    }

    private @Nullable String refusal(Message message, Sender sender) {
        String requester = journal.origin().start().requestedBy();
        if (message.verb() != Verb.WITHDRAW
                && sender.policy().reason()
                && message.text("comment").isBlank()) {
            return "'comment' is missing: this gate asks for a reason.";
        }
        if (message.verb() == Verb.REJECT && Names.same(sender.claimed(), requester)) {
            return null;
        }
        return message.verb() == Verb.APPROVE
                ? sender.refusalOf(requester, journal.origin().starter())
                : sender.refusal();
    }

    /** What the approvals that were given say against it. */
    private @Nullable String against(Message message, String person) {
        List<StatusApproval> own = own(message, person);
        if (message.verb() == Verb.WITHDRAW) {
            return own.isEmpty() ? "Nothing to withdraw: '" + person + "' has given no such approval here." : null;
        }
        boolean twice = own.stream().anyMatch(approval -> approval.validity() == Validity.COUNTS);
        return message.verb() == Verb.APPROVE && twice
                ? "'" + person + "' has approved this already, and counts once."
                : null;
    }

    private List<StatusApproval> own(Message message, String person) {
        return approvals.of(message.text("gate"), person).stream()
                .filter(approval -> approval.evidence().startsWith(message.text("evidence")))
                .toList();
    }

    private Policy policy(Message message) {
        return journal.origin().start().policy(message.text("gate"));
    }

    private Sender sender(Message message, @Nullable Attestation told) {
        return new Sender(policy(message), message.text("approver"), told);
    }

    private Attestation attested(Message message) {
        return Calls.run("attests: " + message.text("gate"))
                .attest(new Attest(
                        journal.origin().run(),
                        message.text("gate"),
                        message.event(),
                        message.updateId().isEmpty() ? null : message.updateId()));
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
