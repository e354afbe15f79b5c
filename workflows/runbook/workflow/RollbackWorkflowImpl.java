package runbook.workflow;

import java.time.Duration;
import java.util.List;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;

/** First nobody uses the new shape any more, then it goes. */
public final class RollbackWorkflowImpl implements PhaseWorkflow.Rollback {

    @Override
    public PhaseReport run(PhaseRequest request) {
        PhaseReport flipped =
                Calls.within(Duration.ofDays(1), "flips every switch back").flipBack(request);
        if (flipped.verdict() != Verdict.PASSED) {
            return flipped;
        }
        PhaseReport undone =
                Calls.within(Duration.ofDays(1), "takes the new shape away").undo(request);
        return Reports.joined(List.of(flipped, undone));
    }
}
