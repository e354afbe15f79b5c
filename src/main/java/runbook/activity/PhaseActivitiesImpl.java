package runbook.activity;

import io.temporal.activity.Activity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import runbook.engine.Assessment;
import runbook.engine.Backfills;
import runbook.engine.Backups;
import runbook.engine.Catalog;
import runbook.engine.Controls;
import runbook.engine.Copier;
import runbook.engine.Expansion;
import runbook.engine.Impact;
import runbook.engine.Phases;
import runbook.engine.Problems;
import runbook.engine.Pulse;
import runbook.engine.Repairs;
import runbook.engine.Requeue;
import runbook.engine.Retirements;
import runbook.engine.Stages;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.engine.Trials;
import runbook.engine.Validation;
import runbook.engine.WayBack;
import runbook.message.Copy;
import runbook.message.CopyRequest;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.RepairReport;
import runbook.message.RepairRequest;
import runbook.message.RequeueReport;
import runbook.message.RequeueRequest;
import runbook.message.Run;
import runbook.message.StagePlan;
import runbook.message.StageRequest;
import runbook.message.TrialReport;
import runbook.message.TrialRequest;
import runbook.spi.Backfill;
import runbook.spi.Migration;
import runbook.spi.Stage;
import runbook.spi.Watching;
import runbook.workflow.PhaseActivities;

/** The phases, on the engine. */
public final class PhaseActivitiesImpl implements PhaseActivities {

    private final Catalog catalog;
    private final Targets targets;

    public PhaseActivitiesImpl(Catalog catalog, Targets targets) {
        this.catalog = catalog;
        this.targets = targets;
    }

    @Override
    public PhaseReport assess(PhaseRequest phase) {
        return on(phase, (target, migration, pulse) -> Assessment.assess(target, phase, migration, pulse));
    }

    @Override
    public PhaseReport backUp(PhaseRequest phase) {
        return on(phase, (target, migration, pulse) -> Backups.take(target, phase, migration, pulse));
    }

    @Override
    public PhaseReport drill(PhaseRequest phase) {
        return on(phase, (target, migration, pulse) -> Backups.drill(target, phase, pulse));
    }

    @Override
    public PhaseReport expand(PhaseRequest phase) {
        return on(phase, (target, migration, pulse) -> Expansion.expand(target, phase, migration, pulse));
    }

    @Override
    public TrialReport bringOverOne(TrialRequest trial) {
        return on(trial.phase(), (target, migration, pulse) -> Trials.bringOver(target, trial, migration));
    }

    @Override
    public List<Copy> openBackfill(PhaseRequest phase) {
        return on(phase, (target, migration, pulse) -> {
            Backfills.open(target, phase, migration);
            // Slots that a tuning has too many of wait for its end.
            int slots = Math.max(Copier.SLOTS, Controls.workers(target, phase.run()));
            List<Copy> copies = new ArrayList<>();
            for (int i = 0; i < migration.backfills().size(); i++) {
                copies.add(new Copy(i, migration.backfills().get(i).name(), slots));
            }
            return copies;
        });
    }

    @Override
    public PhaseReport copyRanges(CopyRequest copy) {
        String token = token();
        return on(copy.phase(), (target, migration, pulse) -> {
            Backfill backfill = migration.backfills().get(copy.backfill());
            Copier copier = new Copier(target, copy.phase(), backfill, pulse);
            new Impact(target, copy.phase(), migration).beside(() -> copier.copy(copy.slot(), token));
            return PhaseReport.passed(backfill.name());
        });
    }

    /** Another attempt, another token: the range is taken over from whoever held it. */
    private static String token() {
        var info = Activity.getExecutionContext().getInfo();
        return info.getActivityId() + "/" + info.getAttempt() + "/"
                + ProcessHandle.current().pid();
    }

    @Override
    public RequeueReport requeue(RequeueRequest requeue) {
        String token = token();
        return on(
                requeue.phase(),
                (target, migration, pulse) -> Requeue.requeue(target, requeue, migration, token, pulse));
    }

    @Override
    public PhaseReport finishBackfill(PhaseRequest phase) {
        return on(phase, (target, migration, pulse) -> Backfills.finish(target, phase, migration, pulse));
    }

    @Override
    public PhaseReport validate(PhaseRequest phase) {
        return on(phase, (target, migration, pulse) -> Validation.validate(target, phase, migration, pulse));
    }

    @Override
    public RepairReport repair(RepairRequest repair) {
        return on(repair.phase(), (target, migration, pulse) -> Repairs.repair(target, repair, migration, pulse));
    }

    @Override
    public List<StagePlan> planStages(PhaseRequest phase) {
        return on(phase, (target, migration, pulse) -> {
            List<StagePlan> plans = new ArrayList<>();
            for (int i = 0; i < migration.cutover().size(); i++) {
                Stage stage = migration.cutover().get(i);
                Watching watching = stage.watching();
                plans.add(new StagePlan(i, stage.name(), stage.bake(), watching.interval(), watching.count()));
            }
            return plans;
        });
    }

    @Override
    public PhaseReport flip(StageRequest stage) {
        return on(
                stage.phase(),
                (target, migration, pulse) -> Stages.flip(
                        target, stage.phase(), migration, migration.cutover().get(stage.stage()), pulse));
    }

    @Override
    public PhaseReport checkStage(StageRequest stage) {
        return on(
                stage.phase(),
                (target, migration, pulse) -> Stages.check(
                        target, stage.phase(), migration, migration.cutover().get(stage.stage()), pulse));
    }

    @Override
    public PhaseReport readStage(StageRequest stage, String once) {
        return on(
                stage.phase(),
                (target, migration, pulse) ->
                        Stages.read(target, stage.phase(), migration.cutover().get(stage.stage()), once, pulse));
    }

    @Override
    public PhaseReport stepBack(StageRequest stage) {
        return on(
                stage.phase(),
                (target, migration, pulse) -> Stages.stepBack(
                        target, stage.phase(), migration, migration.cutover().get(stage.stage()), pulse));
    }

    @Override
    public PhaseReport retire(PhaseRequest phase) {
        return on(phase, (target, migration, pulse) -> Retirements.retire(target, phase, migration, pulse));
    }

    @Override
    public PhaseReport drop(PhaseRequest phase) {
        return on(phase, (target, migration, pulse) -> Retirements.drop(target, phase, migration, pulse));
    }

    @Override
    public PhaseReport flipBack(PhaseRequest phase) {
        return on(phase, (target, migration, pulse) -> Stages.flipBack(target, phase, migration, pulse));
    }

    @Override
    public PhaseReport undo(PhaseRequest phase) {
        return on(phase, (target, migration, pulse) -> WayBack.undo(target, phase, migration, pulse));
    }

    /** One piece of a phase. */
    @FunctionalInterface
    private interface Work<T> {
        T apply(Target target, Migration migration, Pulse pulse);
    }

    private <T> T on(PhaseRequest phase, Work<T> work) {
        Run run = phase.run();
        String word = phase.phase().word();
        Function<RuntimeException, String> keep = error -> Problems.keep(targets.named(run.target()), run, word, error);
        return Failures.mapped(run.migration() + ": " + word, keep, Aftermath.of(phase), () -> {
            Target target = targets.named(run.target());
            Migration migration = catalog.named(run.migration());
            Phases.preflight(target, phase, migration);
            Thread worker = Thread.currentThread();
            try (Heartbeat heartbeat = Heartbeat.of(Activity.getExecutionContext(), () -> target.cancel(worker))) {
                return heartbeat.over(() -> work.apply(target, migration, heartbeat));
            }
        });
    }
}
