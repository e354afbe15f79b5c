package runbook.workflow;

import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import runbook.message.Approval;
import runbook.message.Attestation;
import runbook.message.Evidence;
import runbook.message.Judged;
import runbook.message.Names;
import runbook.message.Policy;
import runbook.message.Run;
import runbook.message.Start;
import runbook.message.StatusApproval;
import runbook.message.StatusGate;
import runbook.message.Validity;

/**
 * The approvals that were given, and what each is worth: by its time, by the evidence of now, and by its giver's later
 * mind. When their gate is passed they stay as they are.
 */
final class Approvals {

    private final Runnable changed;
    private final List<StatusApproval> given = new ArrayList<>();
    private @Nullable Run run;
    private @Nullable Evidence waiting;
    private int told;

    Approvals(Runnable changed) {
        this.changed = changed;
    }

    List<StatusApproval> all() {
        return List.copyOf(given);
    }

    /** Those that count at a gate, each by another person. */
    List<StatusApproval> counting(String gate) {
        return given.stream()
                .filter(approval -> approval.gate().equals(gate) && approval.validity() == Validity.COUNTS)
                .toList();
    }

    /** Whose they are. */
    List<String> people(String gate) {
        return counting(gate).stream().map(StatusApproval::person).toList();
    }

    /** Those of a person at a gate that were not taken back. */
    List<StatusApproval> of(String gate, String person) {
        return given.stream()
                .filter(approval -> approval.gate().equals(gate) && Names.same(approval.person(), person))
                .filter(approval -> approval.validity() != Validity.WITHDRAWN)
                .toList();
    }

    /** What they are judged by from now on; {@code null} once no gate waits. */
    void judgeBy(@Nullable Evidence evidence) {
        waiting = evidence;
        if (evidence != null) {
            Instant now = Journal.now();
            replace(approval ->
                    approval.gate().equals(evidence.gate()) ? approval.judged(evidence.hash(), now) : approval);
        }
    }

    void add(Approval approval) {
        run = approval.run();
        given.add(shown(approval));
        changed.run();
        judgeBy(approval.evidence());
        Instant until = approval.until();
        if (until != null && until.isAfter(Journal.now())) {
            Async.procedure(() -> expire(approval.evidence().gate(), until));
        }
    }

    void withdraw(List<StatusApproval> own) {
        replace(approval -> own.contains(approval) ? approval.as(Validity.WITHDRAWN) : approval);
    }

    /** People see that it has expired, though no message has come. */
    private void expire(String gate, Instant until) {
        try (Alarm alarm = new Alarm(Duration.between(Journal.now(), until), gate + ": an approval expires")) {
            Workflow.await(() -> alarm.rung() || !waitsAt(gate));
        }
        if (waitsAt(gate)) {
            judgeBy(waiting);
        }
    }

    private boolean waitsAt(String gate) {
        return waiting != null && waiting.gate().equals(gate);
    }

    private void replace(UnaryOperator<StatusApproval> by) {
        List<StatusApproval> before = all();
        given.replaceAll(by);
        if (!before.equals(given)) {
            changed.run();
            given.stream().filter(approval -> !before.contains(approval)).forEach(this::tell);
        }
    }

    /** The target knows it as well, for whoever has the database alone; nothing waits for that. */
    private void tell(StatusApproval approval) {
        Run owner = run;
        if (owner != null) {
            Judged judged = new Judged(owner, approval.event(), ++told, approval.validity());
            RunActivities target =
                    Calls.beside("notes: an approval is " + approval.validity().word());
            Detached.tell(target::judged, judged);
        }
    }

    private static StatusApproval shown(Approval approval) {
        Attestation sender = approval.sender();
        return new StatusApproval(
                approval.evidence().gate(),
                approval.evidence().hash(),
                approval.evidence().headline(),
                approval.approver(),
                approval.comment(),
                approval.person(),
                sender.identity(),
                sender.principal(),
                approval.sameIdentity(),
                sender.eventId(),
                sender.at(),
                approval.until(),
                Validity.COUNTS);
    }

    /** The gate as its people see it. */
    StatusGate gate(Evidence evidence, Start start) {
        Policy policy = start.policy(evidence.gate());
        List<String> people = people(evidence.gate());
        String command = new Commands(
                        Workflow.getInfo().getNamespace(), Workflow.getInfo().getWorkflowId())
                .line("approve", Commands.approval(evidence.gate(), evidence.hash()));
        return new StatusGate(
                evidence.gate(),
                evidence.hash(),
                policy.quorum(),
                people,
                policy.missing(people),
                policy.words(start.requestedBy()),
                command);
    }

    /** Who approved may be who started, or who else approved. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        Map<String, StatusApproval> senders = new LinkedHashMap<>();
        for (StatusApproval approval : given) {
            String gate = "The gate " + approval.gate() + " was approved by ";
            if (approval.sameIdentity()) {
                warnings.add(gate + approval.approver()
                        + " with the identity that started the run: one person may have done both.");
            }
            StatusApproval other = senders.putIfAbsent(approval.gate() + " " + approval.identity(), approval);
            if (other != null && !approval.identity().isBlank() && !Names.same(other.person(), approval.person())) {
                warnings.add(gate + other.approver() + " and by " + approval.approver()
                        + " with one identity: one person may have done both.");
            }
        }
        return warnings;
    }
}
