package runbook.workflow;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import runbook.message.CopyRequest;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.StageRequest;

/** The phases of a target that only report what a test tells them to. */
abstract class FakePhases extends Noted implements PhaseActivities {

    /** What was called, in order, with what matters of its arguments: {@code flip 0}, {@code end completed}. */
    public final List<String> calls = new CopyOnWriteArrayList<>();

    /** Requests, for tests that look closer. */
    public final List<PhaseRequest> requests = new CopyOnWriteArrayList<>();

    public long count(String call) {
        return calls.stream().filter(call::equals).count();
    }

    @Override
    public PhaseReport assess(PhaseRequest phase) {
        return report("assess", phase);
    }

    @Override
    public PhaseReport backUp(PhaseRequest phase) {
        return report("backUp", phase);
    }

    @Override
    public PhaseReport drill(PhaseRequest phase) {
        return report("drill", phase);
    }

    @Override
    public PhaseReport expand(PhaseRequest phase) {
        return report("expand", phase);
    }

    @Override
    public PhaseReport copyRanges(CopyRequest copy) {
        return report("copy " + copy.backfill() + "." + copy.slot(), copy.phase());
    }

    @Override
    public PhaseReport finishBackfill(PhaseRequest phase) {
        return report("finishBackfill", phase);
    }

    @Override
    public PhaseReport validate(PhaseRequest phase) {
        return report("validate", phase);
    }

    @Override
    public PhaseReport flip(StageRequest stage) {
        return report("flip " + stage.stage(), stage.phase());
    }

    @Override
    public PhaseReport checkStage(StageRequest stage) {
        return report("checkStage " + stage.stage(), stage.phase());
    }

    @Override
    public PhaseReport readStage(StageRequest stage, String once) {
        return report("readStage " + stage.stage(), stage.phase());
    }

    @Override
    public PhaseReport stepBack(StageRequest stage) {
        return report("stepBack " + stage.stage(), stage.phase());
    }

    @Override
    public PhaseReport retire(PhaseRequest phase) {
        return report("retire", phase);
    }

    @Override
    public PhaseReport drop(PhaseRequest phase) {
        return report("drop", phase);
    }

    @Override
    public PhaseReport flipBack(PhaseRequest phase) {
        return report("flipBack", phase);
    }

    @Override
    public PhaseReport undo(PhaseRequest phase) {
        return report("undo", phase);
    }

    final PhaseReport report(String activity, PhaseRequest phase) {
        requests.add(phase);
        calls.add(activity);
        return reported(activity);
    }

    final String done(String activity) {
        calls.add(activity);
        return ending(activity);
    }
}
