package runbook.workflow;

import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.StagePlan;
import runbook.message.StageRequest;
import runbook.message.Verdict;

/**
 * Takes the cutover from stage to stage: switch, look, bake, look again. One that turns out bad is switched back and parks
 * the run before it; one that nobody can judge is held until a person advances it.
 */
final class Stages {

    /** An hour less than the day that a switch takes at most: what guards it may be waited for. */
    private static final Duration OLDEST_PROOF = Duration.ofHours(23);

    private final Journal journal;
    private final Judge judge;
    private final Watch watch;
    private final Opening opening;
    private final Steering steering;
    private int readings;

    Stages(Journal journal, Judge judge, Watch watch, Steering steering) {
        this.journal = journal;
        this.judge = judge;
        this.watch = watch;
        this.steering = steering;
        this.opening = new Opening(journal, judge);
    }

    /** @param prove renews the proof where it has become old */
    PhaseReport pass(PhaseRequest request, Supplier<PhaseReport> prove) {
        StageTable table = journal.stages();
        steering.begin();
        try {
            table.plan(call("plans the stages", activities -> Async.function(activities::planStages, request)));
            List<PhaseReport> reports = new ArrayList<>();
            int next = 0;
            while (next < table.plans().size()) {
                StagePlan stage = table.plans().get(next);
                PhaseReport report = pass(stage, request, prove);
                if (steering.back()) {
                    next = steering.stepBack(request).stage();
                    reports.clear();
                } else if (!Phases.passes(report)) {
                    return report;
                } else {
                    table.put(stage, "passed");
                    reports.add(report);
                    next++;
                }
            }
            return Reports.joined(reports);
        } catch (Leave leave) {
            steering.dismiss("Stopped. " + leave.sentence());
            throw leave;
        } catch (ActivityFailure failure) {
            steering.dismiss("It was not carried out. " + Failures.sentence(failure));
            return new PhaseReport(Verdict.FAILED, "failed", List.of(), Map.of(), List.of(Failures.sentence(failure)));
        } finally {
            steering.leave();
        }
    }

    /** One that passed before is looked at again, and baked no more. */
    private PhaseReport pass(StagePlan stage, PhaseRequest request, Supplier<PhaseReport> prove) {
        boolean before = journal.stages().passed(stage);
        steering.enter(stage);
        PhaseReport proof = ready(stage, before, prove);
        if (steering.back() || !Proof.letsSwitch(proof)) {
            return proof;
        }
        StageRequest switched = new StageRequest(request, stage.stage());
        PhaseReport flipped = flip(stage, switched);
        if (!Phases.passes(flipped)) {
            return flipped;
        }
        PhaseReport report = look(stage, switched, "looks");
        if (!before && Phases.passes(report) && !stage.bake().isZero()) {
            report = bake(stage, switched);
        }
        report = settled(stage, switched, report);
        return steering.back() || Phases.passes(report) ? report : switchBack(stage, switched, report);
    }

    /** A hold or a pause may come while it is proved, so both are looked at until neither forbids to switch. */
    private PhaseReport ready(StagePlan stage, boolean before, Supplier<PhaseReport> prove) {
        PhaseReport proof;
        do {
            letIn(stage, before);
            proof = before || steering.back() ? PhaseReport.passed("") : fresh(prove);
        } while (!steering.back() && Proof.letsSwitch(proof) && stands(stage));
        return proof;
    }

    /** A hold or a pause may outlast a window, so all are looked at until none forbids to go on. */
    private void letIn(StagePlan stage, boolean before) {
        do {
            judge.until(() -> steering.back() || !stands(stage));
        } while (!steering.back() && !before && opening.waited(steering::back));
    }

    /** A hold or a pause that came during the looks: it does not pass before they end, and is looked at again then. */
    private PhaseReport settled(StagePlan stage, StageRequest request, PhaseReport looked) {
        PhaseReport report = looked;
        while (Phases.passes(report) && !steering.back() && stands(stage)) {
            judge.until(() -> steering.back() || !stands(stage));
            report = steering.back() ? report : look(stage, request, "looks again");
        }
        return report;
    }

    private boolean stands(StagePlan stage) {
        return journal.paused() || held(stage);
    }

    /** As old as the soak would let it be, and no older than what guards the switch takes. */
    private PhaseReport fresh(Supplier<PhaseReport> prove) {
        Instant proved = journal.proved();
        Duration wanted = journal.origin().start().revalidate();
        Duration most = wanted.compareTo(OLDEST_PROOF) < 0 ? wanted : OLDEST_PROOF;
        return proved == null || proved.plus(most).isBefore(Journal.now()) ? prove.get() : PhaseReport.passed("");
    }

    private PhaseReport flip(StagePlan stage, StageRequest request) {
        boolean before = journal.stages().switched(stage);
        journal.stages().put(stage, before ? journal.stages().line(stage).state() : "switching");
        PhaseReport flipped =
                call(stage.name() + ": switches", activities -> Async.function(activities::flip, request));
        if (!Phases.passes(flipped) && !before) {
            journal.stages().put(stage, "-");
        }
        return flipped;
    }

    private PhaseReport look(StagePlan stage, StageRequest request, String looks) {
        while (true) {
            PhaseReport report =
                    call(stage.name() + ": " + looks, activities -> Async.function(activities::checkStage, request));
            if (Phases.passes(report) || report.verdict() == Verdict.FAILED || steering.back()) {
                return report;
            }
            ask(stage, report, true);
            if (steering.back()) {
                return report;
            }
        }
    }

    private PhaseReport bake(StagePlan stage, StageRequest request) {
        Instant end = Journal.now().plus(stage.bake());
        journal.stages().bake(stage, end);
        steering.bakes();
        try (Alarm over = new Alarm(stage.bake(), stage.name() + ": bakes until " + Opening.said(end))) {
            for (int read = 0; !ended(stage, over); read++) {
                boolean reads = read < stage.readings();
                waitFor(stage, over, reads);
                if (reads && !ended(stage, over)) {
                    String once = journal.origin().once("reading/" + ++readings);
                    PhaseReport report = call(
                            stage.name() + ": reads",
                            activities -> Async.function(activities::readStage, request, once));
                    if (report.verdict() == Verdict.FAILED) {
                        return report;
                    }
                    if (!Phases.passes(report)) {
                        ask(stage, report, false);
                    }
                }
            }
        }
        return steering.back() ? PhaseReport.passed("") : look(stage, request, "looks again");
    }

    private void waitFor(StagePlan stage, Alarm over, boolean reads) {
        if (!reads) {
            judge.until(() -> ended(stage, over));
            return;
        }
        try (Alarm next = new Alarm(stage.interval(), stage.name() + ": next reading")) {
            judge.until(() -> next.rung() || ended(stage, over));
        }
    }

    private boolean ended(StagePlan stage, Alarm over) {
        boolean time = over.rung() && !stands(stage);
        return steering.back() || steering.advanced() || time;
    }

    /** Nobody can say whether it is good: a number is for a person to judge, a check has to be run. */
    private void ask(StagePlan stage, PhaseReport report, boolean looksAgain) {
        steering.ask(stage, String.join(" ", Phases.problems(report)), looksAgain);
        judge.until(() -> steering.back() || !held(stage));
    }

    private boolean held(StagePlan stage) {
        return journal.stages().line(stage).held();
    }

    /** Where nothing is wrong but that somebody has put it back, the proof that every retry begins with is left to cure it. */
    private PhaseReport switchBack(StagePlan stage, StageRequest request, PhaseReport report) {
        if (Proof.onlyStrayed(report)) {
            return report;
        }
        try {
            call(stage.name() + ": switches back", activities -> Async.function(activities::stepBack, request));
        } catch (ActivityFailure failure) {
            journal.stages().doubt(stage);
            List<String> problems = new ArrayList<>(Phases.problems(report));
            problems.add("Stage '" + stage.name() + "' could not be switched back, and may be on. "
                    + Failures.sentence(failure));
            return new PhaseReport(report.verdict(), report.summary(), report.checks(), report.counts(), problems);
        }
        steering.wentBack(stage);
        journal.dealings().note("Stage '" + stage.name() + "' was switched back; writes made since are kept.");
        return report;
    }

    private <T> T call(String summary, Function<PhaseActivities, Promise<T>> work) {
        PhaseActivities activities = Calls.within(Duration.ofDays(1), summary);
        return watch.over(() -> work.apply(activities));
    }
}
