package runbook.workflow;

import io.temporal.failure.ActivityFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import runbook.message.Evidence;
import runbook.message.Occasion;
import runbook.message.Phase;
import runbook.message.Start;
import runbook.message.Verb;

/**
 * Where people decide, on evidence. Takes {@code approve} and {@code reject}, and {@code withdraw} while a gate waits for
 * more approvals; those that come before their gate opens are kept and judged then, like all others.
 */
final class Gates implements Judge.Rule {

    private final Journal journal;
    private final Judge judge;
    private final Errands errands;
    private final Proof proof;
    private final Parking parking;
    private final Hooks hooks;
    private final Decision decision;
    private final List<String> passed = new ArrayList<>();
    private final Deque<Message> early = new ArrayDeque<>();
    private String open = "";

    Gates(Journal journal, Judge judge, Errands errands, Proof proof, Parking parking, Hooks hooks) {
        this.journal = journal;
        this.judge = judge;
        this.errands = errands;
        this.proof = proof;
        this.parking = parking;
        this.hooks = hooks;
        this.decision = new Decision(journal);
        judge.rule(Verb.APPROVE, this);
        judge.rule(Verb.REJECT, this);
        judge.rule(Verb.WITHDRAW, this);
    }

    /** Waits until people let the run pass; where nobody is asked, what blocks an approval still blocks. */
    void pass(String gate) {
        Start start = journal.origin().start();
        if (start.asksAt(gate)) {
            journal.enter(gate);
            ask(gate);
        } else if (Start.DEFAULT_GATES.contains(gate)) {
            journal.enter(gate);
            for (Evidence found = gather(gate); !found.blocking().isEmpty(); found = gather(gate)) {
                parking.park(found.blocking());
                proof.repeat();
            }
            passed.add(gate);
        } else {
            passed.add(gate);
        }
    }

    /** Gates that an earlier run went through. */
    void passedBefore(String gate) {
        passed.addAll(Start.GATES.subList(0, Start.GATES.indexOf(gate)));
    }

    @Override
    public @Nullable String refusal(Message message) {
        String gate = message.text("gate");
        if (!Start.GATES.contains(gate)) {
            return "Unknown gate '" + gate + "'; gates of this run: "
                    + String.join(", ", journal.origin().start().gates());
        }
        if (passed.contains(gate)) {
            return "Too late: the gate " + gate + " is passed.";
        }
        if (!journal.origin().start().asksAt(gate)) {
            return "This run does not ask at the gate " + gate + "; gates of this run: "
                    + String.join(", ", journal.origin().start().gates());
        }
        if (message.verb() == Verb.WITHDRAW && !gate.equals(open)) {
            return "Nothing to withdraw: the gate " + gate + " is not open yet.";
        }
        if (gate.equals(open) && journal.parked()) {
            return "The run is parked: without evidence nobody can decide.";
        }
        if (gate.equals(open) && errands.pending()) {
            return "Something that was asked for is still being done. Look at the evidence again when it is.";
        }
        String reason = decision.refusal(message, gate.equals(open) ? journal.evidence() : null);
        return reason == null && !gate.equals(open) && early.stream().anyMatch(kept -> same(kept, message))
                ? "Twice the same: it is kept already."
                : reason;
    }

    @Override
    public @Nullable String take(Message message) {
        String gate = message.text("gate");
        if (!gate.equals(open)) {
            early.add(message);
            journal.dealings().approvalsKept(shown());
            return "Kept: the gate " + gate + " is not open yet; it is judged then, on the evidence found then.";
        }
        Evidence found = look(gate);
        journal.open(found);
        String against = decision.refusal(message, found);
        String reason = against == null ? decision.take(message, found) : against;
        if (reason != null) {
            judge.ignore(message, reason);
            return null;
        }
        if (message.verb() == Verb.APPROVE) {
            hooks.tell(hooks.notice(Occasion.APPROVAL, gate).by(message.text("approver")));
        }
        List<String> missing = journal.origin()
                .start()
                .policy(gate)
                .missing(journal.dealings().approvals().people(gate));
        if (!missing.isEmpty()) {
            return String.join("; ", missing) + "; the gate " + gate + " waits.";
        }
        open = "";
        passed.add(gate);
        journal.close();
        return "The gate " + gate + " is passed.";
    }

    private void ask(String gate) {
        do {
            journal.open(gather(gate));
        } while (parking.held(Occasion.GATE_OPENED, gate));
        open = gate;
        judgeEarly(gate);
        errands.decide(gate, () -> open.isEmpty(), () -> journal.open(gather(gate)));
        parking.untilAgreed(() -> hooks.notice(Occasion.GATE_PASSED, gate));
    }

    private void judgeEarly(String gate) {
        List<Message> now = early.stream()
                .filter(message -> message.text("gate").equals(gate))
                .toList();
        early.removeAll(now);
        journal.dealings().approvalsKept(shown());
        judge.judge(now);
    }

    private List<String> shown() {
        return early.stream()
                .map(message -> message.word() + " " + message.text("gate") + " by " + message.text("approver"))
                .toList();
    }

    private static boolean same(Message kept, Message message) {
        return kept.verb() == message.verb() && kept.body().equals(message.body());
    }

    /** Without evidence nobody can decide: then the run parks, and looks again when told to. */
    private Evidence gather(String gate) {
        while (true) {
            try {
                return look(gate);
            } catch (ActivityFailure failure) {
                parking.park(List.of("The evidence could not be gathered. " + Failures.sentence(failure)));
            }
        }
    }

    private Evidence look(String gate) {
        Phase phase = gate.equals("drop") ? Phase.CLEANUP : Phase.valueOf(gate.toUpperCase(Locale.ROOT));
        return Calls.patient("evidence for the gate " + gate).gatherEvidence(journal.request(phase), gate);
    }
}
