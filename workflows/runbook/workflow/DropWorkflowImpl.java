package runbook.workflow;

import java.time.Duration;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;

/** The point of no return. */
public final class DropWorkflowImpl implements PhaseWorkflow.Drop {

    @Override
    public PhaseReport run(PhaseRequest request) {
        return Calls.within(Duration.ofDays(1), "drops the retired objects").drop(request);
    }
}
