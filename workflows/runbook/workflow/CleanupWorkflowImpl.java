package runbook.workflow;

import java.time.Duration;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;

/** A last proof; mirrors go and old objects are retired, in one transaction; the last constraints. Nothing is dropped. */
public final class CleanupWorkflowImpl implements PhaseWorkflow.Cleanup {

    @Override
    public PhaseReport run(PhaseRequest request) {
        return Calls.within(Duration.ofDays(7), "proves, then retires the old objects")
                .retire(request);
    }
}
