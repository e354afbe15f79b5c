package runbook.workflow;

import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import runbook.message.Act;
import runbook.message.Phase;
import runbook.message.PhaseRequest;
import runbook.message.StagePlan;
import runbook.message.StageRequest;
import runbook.message.StatusStage;
import runbook.message.Verb;

/**
 * Takes {@code advance} and {@code hold}, and the {@code rollback} of a stage: it and all after it are switched back, and
 * the run stands before it until somebody advances it.
 */
final class Steering implements Judge.Rule {

    private final Journal journal;
    private final Judge judge;
    private final Watch watch;
    private final Errands errands;
    private final Reminders reminders;
    private Reminders.@Nullable Waiting waiting;
    private @Nullable Message back;
    private boolean advanced;
    private boolean atWork;
    private boolean looksAgain;

    Steering(Journal journal, Judge judge, Watch watch, Errands errands, Reminders reminders) {
        this.journal = journal;
        this.judge = judge;
        this.watch = watch;
        this.errands = errands;
        this.reminders = reminders;
        judge.rule(Verb.ADVANCE, this);
        judge.rule(Verb.HOLD, this);
    }

    /** The stages are gone through from here on, so that what is asked for is carried out. */
    void begin() {
        atWork = true;
    }

    /** The clock of a hold runs while the run stands at the stage that is held, and begins anew at each. */
    void enter(StagePlan stage) {
        journal.stages().enter(stage);
        endWait();
        count();
    }

    /** A hold of a stage ahead outlasts a failure of those before it. */
    void leave() {
        atWork = false;
        journal.stages().leave();
        if (journal.leaving() != null) {
            journal.stages().lift();
        }
        count();
    }

    /** Whether a stage is to be switched back. */
    boolean back() {
        return back != null;
    }

    /** Whether the bake is to end now. */
    boolean advanced() {
        return advanced;
    }

    /** A bake begins; nobody has advanced it yet. */
    void bakes() {
        advanced = false;
    }

    @Override
    public @Nullable String refusal(Message message) {
        StageTable table = journal.stages();
        boolean back = message.verb() == Verb.ROLLBACK;
        boolean parked = journal.parked() && journal.place().equals(Phase.CUTOVER.word());
        if (!atWork && !parked || table.plans().isEmpty()) {
            return notNow(back);
        }
        StagePlan stage = table.named(message.text("stage")).orElse(null);
        if (stage == null) {
            return "Unknown stage '" + message.text("stage") + "'; stages of this run: " + table.names() + ".";
        }
        if (back) {
            return against(stage);
        }
        if (parked) {
            return "The run is parked: send 'retry' to go on.";
        }
        return message.verb() == Verb.HOLD ? againstHold(stage) : againstAdvance(stage);
    }

    private String notNow(boolean back) {
        boolean near = journal.place().equals(Phase.CUTOVER.word());
        return "Not now: "
                + (near
                        ? "the cutover is not at its stages; send it again when it is."
                        : "stages are " + (back ? "switched back" : "advanced and held")
                                + " in the cutover, and the run is at " + journal.place() + ".")
                + (back ? " Without 'stage' the whole run goes back." : "");
    }

    private @Nullable String against(StagePlan stage) {
        Message first = back;
        if (first != null) {
            return "The stage '" + first.text("stage") + "' is being switched back already, for "
                    + first.text("requestedBy") + "; send it again when that is done.";
        }
        return journal.stages().switched(stage)
                ? null
                : "Nothing to switch back: the stage '" + stage.name() + "' is not switched.";
    }

    private @Nullable String againstHold(StagePlan stage) {
        StatusStage line = journal.stages().line(stage);
        return line.held()
                ? "The stage '" + stage.name() + "' is held already, by " + line.heldBy() + "."
                : journal.stages().passed(stage) ? "Too late: the stage '" + stage.name() + "' is passed." : null;
    }

    private @Nullable String againstAdvance(StagePlan stage) {
        StatusStage line = journal.stages().line(stage);
        return line.held() || line.state().equals("baking") && journal.stages().at(stage) && !advanced
                ? null
                : "Nothing to advance: the stage '" + stage.name() + "' is neither held nor baking.";
    }

    @Override
    public @Nullable String take(Message message) {
        StagePlan stage = journal.stages().named(message.text("stage")).orElseThrow();
        audit(message, stage);
        if (message.verb() == Verb.ROLLBACK) {
            return takeBack(message);
        }
        String by = message.text("requestedBy");
        String answer = message.verb() == Verb.HOLD ? held(stage, by, message.text("reason")) : advance(stage);
        journal.dealings().note(answer + " By " + by + ".");
        return answer;
    }

    /**
     * Asks a person.
     *
     * @param looksAgain whether an {@code advance} only has the stage looked at again
     */
    void ask(StagePlan stage, String why, boolean looksAgain) {
        hold(stage, "runbook", looksAgain ? why + " 'advance' has the stage looked at again." : why);
        this.looksAgain = looksAgain;
    }

    private void hold(StagePlan stage, String who, String why) {
        looksAgain = false;
        journal.stages().hold(stage, who, why.isEmpty() ? "no reason given" : why);
        count();
    }

    private String held(StagePlan stage, String who, String why) {
        hold(stage, who, why);
        return journal.stages().switched(stage)
                ? "Held: the bake of '" + stage.name() + "' does not end before it is advanced."
                : "Held: the run stops before the stage '" + stage.name() + "'.";
    }

    private String advance(StagePlan stage) {
        StatusStage line = journal.stages().line(stage);
        if (!line.held()) {
            advanced = true;
            return "The bake of '" + stage.name() + "' ends now; what its checks find decides.";
        }
        journal.stages().lift(stage);
        count();
        String then = looksAgain && line.heldBy().equals("runbook")
                ? " is looked at again."
                : line.until() == null ? " goes on." : " bakes until " + Opening.said(line.until()) + ".";
        return "No longer held: the stage '" + stage.name() + "'" + then;
    }

    /** A stage and all after it are switched back: nothing of theirs is held any more. */
    void wentBack(StagePlan first) {
        journal.stages().back(first);
        count();
    }

    private void count() {
        boolean held = journal.stages().held();
        if (!held) {
            endWait();
        } else if (waiting == null) {
            waiting = reminders.begin("held");
        }
    }

    private void endWait() {
        if (waiting != null) {
            waiting.close();
            waiting = null;
        }
    }

    /** While an activity runs, or a bake, its end is waited for; a parked run is at rest already. */
    private @Nullable String takeBack(Message message) {
        if (journal.parked()) {
            errands.ask(message, () -> {
                back = message;
                stepBack(journal.request(Phase.CUTOVER));
            });
        } else {
            back = message;
        }
        return null;
    }

    /** Switches back what was asked for, answers, and tells from where the run goes on. */
    StagePlan stepBack(PhaseRequest request) {
        Message message = Objects.requireNonNull(back);
        StagePlan stage = journal.stages().named(message.text("stage")).orElseThrow();
        try {
            PhaseActivities activities = Calls.within(Duration.ofDays(1), stage.name() + ": switches back");
            StageRequest first = new StageRequest(request, stage.stage());
            watch.over(() -> Async.function(activities::stepBack, first));
            wentBack(stage);
            String sentence =
                    "Switched back: the stage '" + stage.name() + "' and all after it. Writes made since are kept.";
            journal.dealings().note(sentence + " By " + message.text("requestedBy") + ".");
            message.accept(
                    sentence + (journal.parked() ? " 'retry' switches again." : " 'advance' switches it again."));
            if (!journal.parked()) {
                hold(stage, message.text("requestedBy"), message.text("reason"));
            }
            back = null;
        } catch (ActivityFailure failure) {
            dismiss("It was not carried out. " + Failures.sentence(failure) + " Send it again.");
            journal.stages().doubt(stage);
            if (!journal.parked()) {
                hold(stage, "runbook", "It could not be switched back, and may be on. " + Failures.sentence(failure));
            }
        } catch (Leave leave) {
            dismiss("Stopped. " + leave.sentence());
            throw leave;
        }
        return stage;
    }

    /** Whoever waits for a stage to be switched back is told why that is not done. */
    void dismiss(String reason) {
        Message message = back;
        back = null;
        if (message != null) {
            judge.ignore(message, reason);
        }
    }

    private void audit(Message message, StagePlan stage) {
        Calls.run("audits: " + message.word())
                .audit(new Act(
                        journal.origin().run(),
                        message.word() + " of a stage",
                        stage.name(),
                        message.text("requestedBy"),
                        Map.of("reason", message.text("reason")),
                        journal.origin().once(message)));
    }
}
