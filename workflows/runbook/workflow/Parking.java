package runbook.workflow;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import runbook.message.Act;
import runbook.message.Notice;
import runbook.message.Occasion;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.StatusStage;
import runbook.message.Verb;

/** Where the run stands after a failure, until a person decides. Takes {@code retry}. */
final class Parking implements Judge.Rule {

    private final Journal journal;
    private final Errands errands;
    private final Proof proof;
    private final Hooks hooks;
    private boolean released;
    private boolean acceptDefinition;

    Parking(Journal journal, Judge judge, Errands errands, Proof proof, Hooks hooks) {
        this.journal = journal;
        this.errands = errands;
        this.proof = proof;
        this.hooks = hooks;
        judge.rule(Verb.RETRY, this);
    }

    /**
     * Waits for {@code retry}; tells whether it accepts a changed definition. At the cutover everything is proved anew
     * before: nobody knows what the shapes have missed while it stood still.
     */
    boolean park(List<String> problems) {
        List<String> standing = problems;
        do {
            released = false;
            acceptDefinition = false;
            journal.park(standing);
            hooks.tell(hooks.notice(Occasion.PARKED, journal.place()).with("", standing));
            errands.decide("parked", () -> released, () -> {});
            standing = journal.place().equals(Phase.CUTOVER.word()) ? proof.against() : List.of();
        } while (!standing.isEmpty());
        return acceptDefinition;
    }

    /**
     * Asks the hooks, and parks the run when one holds it.
     *
     * @return whether it was held, so that what has changed meanwhile must be looked at, and the hooks asked, again
     */
    boolean held(Occasion occasion, String place) {
        return held(hooks.notice(occasion, place));
    }

    private boolean held(Notice notice) {
        List<String> against = hooks.ask(notice);
        if (!against.isEmpty()) {
            park(against);
        }
        return !against.isEmpty();
    }

    /** Asks the hooks, and stands still until none of them holds the run. */
    void untilAgreed(Supplier<Notice> notice) {
        boolean held = true;
        while (held) {
            held = held(notice.get());
        }
    }

    /**
     * Flags and views that somebody, or the run itself, has put back: nobody uses the new shape any more. Each
     * {@code retry} switches them again, until all stages and a proof pass.
     */
    void untilProved(PhaseReport strayed) {
        PhaseReport report = strayed;
        do {
            park(Phases.passes(report) ? back() : Phases.problems(report));
            report = proof.renew(true);
        } while (!Phases.passes(report) || !journal.stages().passed());
    }

    private List<String> back() {
        List<String> stages = journal.stages().lines().stream()
                .filter(line -> !line.state().equals("passed"))
                .map(StatusStage::name)
                .toList();
        return List.of("Not switched: the stages " + String.join(", ", stages)
                + ". 'retry' proves and switches them again, or send 'rollback'.");
    }

    /** Lets the run try again. */
    void release() {
        released = true;
        journal.unpark();
    }

    /** After a cure: what failed is proved again, by the parked phase itself if that is the one that proves. */
    String cured() {
        if (!journal.parked()) {
            proof.repeat();
            return " The checks ran again; look at the evidence.";
        }
        if (journal.place().equals(proof.phase().word())) {
            release();
            return " The phase runs again.";
        }
        return " The run stays parked: send 'retry'.";
    }

    @Override
    public @Nullable String refusal(Message message) {
        if (!journal.parked() && journal.cleanupApproved()) {
            return "Nothing to try again: the old shape is retired, so there is nothing left to compare with.";
        }
        boolean waits = journal.evidence() != null || journal.place().equals("soak");
        return journal.parked() || waits ? null : "Nothing to try again: the run is not parked.";
    }

    @Override
    public @Nullable String take(Message message) {
        boolean accept = message.body().flag("acceptDefinition", false);
        String subject = journal.parked() ? journal.place() : proof.phase().word();
        Calls.run("audits: retry")
                .audit(new Act(
                        journal.origin().run(),
                        "retry",
                        subject,
                        message.text("requestedBy"),
                        Map.of("reason", message.text("reason"), "acceptDefinition", String.valueOf(accept)),
                        journal.origin().once(message)));
        if (journal.parked()) {
            acceptDefinition = accept;
            release();
            return "Phase " + subject + " is tried again.";
        }
        errands.ask(message, () -> {
            PhaseReport report = proof.renew();
            String found = String.join(" ", report.problems());
            message.accept("Phase " + subject + " was repeated; look at the evidence again."
                    + (found.isEmpty() ? "" : " Found: " + found));
        });
        return null;
    }
}
