package runbook.workflow;

import java.time.Duration;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;

/** One look at everything. */
public final class AssessmentWorkflowImpl implements PhaseWorkflow.Assessment {

    @Override
    public PhaseReport run(PhaseRequest request) {
        return Calls.within(Duration.ofHours(12), "looks at the old shape").assess(request);
    }
}
