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

    Steering(Journal journal, Judge judge, Watch watch, Errands errands, Reminders reminders) {
        this.journal = journal;
        this.judge = judge;
        this.watch = watch;
        this.errands = errands;
        this.reminders = reminders;
        judge.rule(Verb.ADVANCE, this);
        judge.rule(Verb.HOLD, this);
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
        if (!journal.place().equals(Phase.CUTOVER.word()) || table.plans().isEmpty()) {
            return "Not now: stages are " + (back ? "switched back" : "advanced and held")
                    + " in the cutover, and the run is at " + journal.place() + "."
                    + (back ? " Without 'stage' the whole run goes back." : "");
        }
        StagePlan stage = table.named(message.text("stage")).orElse(null);
        if (stage == null) {
            return "Unknown stage '" + message.text("stage") + "'; stages of this run: " + table.names() + ".";
        }
        if (back) {
            return table.switched(stage)
                    ? null
                    : "Nothing to switch back: the stage '" + stage.name() + "' is not switched.";
        }
        if (journal.parked()) {
            return "The run is parked: send 'retry' to go on.";
        }
        StatusStage line = table.line(stage);
        if (message.verb() == Verb.HOLD) {
            return line.held()
                    ? "The stage '" + stage.name() + "' is held already, by " + line.heldBy() + "."
                    : table.passed(stage) ? "Too late: the stage '" + stage.name() + "' is passed." : null;
        }
        return line.held() || line.state().equals("baking") && !advanced
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

    /** Where a person is asked, or holds the run up himself. */
    void hold(StagePlan stage, String who, String why) {
        journal.stages().hold(stage, who, why.isEmpty() ? "no reason given" : why);
        if (waiting == null) {
            waiting = reminders.begin("held");
        }
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
        lift(stage);
        return "No longer held: the stage '" + stage.name() + "'"
                + (line.until() == null ? " goes on." : " bakes until " + Opening.said(line.until()) + ".");
    }

    /** A stage and all after it are switched back: nothing of theirs is held any more. */
    void wentBack(StagePlan first) {
        journal.stages().back(first);
        endWait();
    }

    private void lift(StagePlan stage) {
        journal.stages().lift(stage);
        endWait();
    }

    private void endWait() {
        if (waiting != null && journal.stages().lines().stream().noneMatch(StatusStage::held)) {
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
