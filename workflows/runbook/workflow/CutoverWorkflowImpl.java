package runbook.workflow;

import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.StagePlan;
import runbook.message.StageRequest;
import runbook.message.Verdict;

/** Stage by stage: flip, look, bake, look again. The first that is not good ends it, with its switches flipped. */
public final class CutoverWorkflowImpl implements PhaseWorkflow.Cutover {

    private boolean held;

    @Override
    public PhaseReport run(PhaseRequest request) {
        List<PhaseReport> reports = new ArrayList<>();
        for (StagePlan stage :
                Calls.within(Duration.ofHours(1), "plans the stages").planStages(request)) {
            do {
                Workflow.await(() -> !held);
            } while (Opening.waited(request.start().schedule(), stage.name()));
            PhaseReport report = pass(stage, new StageRequest(request, stage.stage()));
            reports.add(report);
            if (report.verdict() != Verdict.PASSED) {
                return report;
            }
        }
        return Reports.joined(reports);
    }

    @Override
    public void hold(boolean wanted) {
        held = wanted;
    }

    private static PhaseReport pass(StagePlan stage, StageRequest request) {
        PhaseReport flipped =
                Calls.within(Duration.ofHours(1), stage.name() + ": flips").flip(request);
        if (flipped.verdict() != Verdict.PASSED) {
            return flipped;
        }
        PhaseReport before = check(stage, request, "looks");
        if (before.verdict() != Verdict.PASSED || stage.bake().isZero()) {
            return before;
        }
        TimerOptions timer = TimerOptions.newBuilder()
                .setSummary(stage.name() + ": bakes for " + stage.bake())
                .build();
        Workflow.newTimer(stage.bake(), timer).get();
        return check(stage, request, "looks again");
    }

    private static PhaseReport check(StagePlan stage, StageRequest request, String looks) {
        return Calls.within(Duration.ofDays(1), stage.name() + ": " + looks).checkStage(request);
    }
}
