package runbook.workflow;

import java.time.Duration;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;

/** Mirrors go and old objects are retired, in one transaction; then the last constraints; nothing is dropped. */
public final class CleanupWorkflowImpl implements PhaseWorkflow.Cleanup {

    @Override
    public PhaseReport run(PhaseRequest request) {
        return Calls.within(Duration.ofDays(1), "retires the old objects").retire(request);
    }
}
