package runbook.workflow;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import runbook.message.StagePlan;
import runbook.message.StatusStage;

/** A line for each stage of the cutover, and which of them the run is at. */
final class StageTable {

    private final Runnable changed;
    private List<StagePlan> plans = List.of();
    private final List<StatusStage> lines = new ArrayList<>();
    private int current = -1;

    StageTable(Runnable changed) {
        this.changed = changed;
    }

    /** What was known of the stages stays: a phase that is tried again goes on where it stood. */
    void plan(List<StagePlan> stages) {
        plans = List.copyOf(stages);
        if (lines.isEmpty()) {
            plans.forEach(stage -> lines.add(StatusStage.ahead(stage.name())));
        }
    }

    List<StagePlan> plans() {
        return plans;
    }

    List<StatusStage> lines() {
        return List.copyOf(lines);
    }

    String names() {
        return String.join(", ", plans.stream().map(StagePlan::name).toList());
    }

    Optional<StagePlan> named(String name) {
        return plans.stream().filter(stage -> stage.name().equals(name)).findFirst();
    }

    StatusStage line(StagePlan stage) {
        return lines.get(stage.stage());
    }

    /** Whether the run is at a stage that somebody holds. */
    boolean held() {
        return current >= 0 && lines.get(current).held();
    }

    void enter(StagePlan stage) {
        current = stage.stage();
        changed.run();
    }

    void leave() {
        current = -1;
        changed.run();
    }

    void put(StagePlan stage, String state) {
        change(stage, line -> line.in(state));
    }

    void bake(StagePlan stage, Instant end) {
        change(stage, line -> line.bakingUntil(end));
    }

    void hold(StagePlan stage, String who, String why) {
        change(stage, line -> line.heldBy(who, why));
    }

    void lift(StagePlan stage) {
        change(stage, line -> line.heldBy("", ""));
    }

    boolean passed(StagePlan stage) {
        return line(stage).state().equals("passed");
    }

    /** Whether all are passed, so that the whole application uses the new shape. */
    boolean passed() {
        return plans.stream().allMatch(this::passed);
    }

    /** Whether the run is at this one. */
    boolean at(StagePlan stage) {
        return current == stage.stage();
    }

    /** Whether its switches are on, or may be. */
    boolean switched(StagePlan stage) {
        String state = line(stage).state();
        return !state.equals("-") && !state.equals("back");
    }

    /** This one and all after it are switched back. */
    void back(StagePlan first) {
        from(first, line -> line.in("back").heldBy("", ""));
    }

    /** Nobody knows whether this one and those after it are on: each is switched and looked at again. */
    void doubt(StagePlan first) {
        from(first, line -> line.in("switching"));
    }

    /** The run goes back, and stands at none any more. */
    void lift() {
        lines.replaceAll(line -> line.heldBy("", ""));
        changed.run();
    }

    private void from(StagePlan first, UnaryOperator<StatusStage> change) {
        plans.subList(first.stage(), plans.size()).stream()
                .filter(this::switched)
                .forEach(stage -> lines.set(stage.stage(), change.apply(line(stage))));
        changed.run();
    }

    private void change(StagePlan stage, UnaryOperator<StatusStage> change) {
        lines.set(stage.stage(), change.apply(line(stage)));
        changed.run();
    }
}
