package runbook.workflow;

import java.time.Duration;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;

/** Checks, comparisons, measures and latencies. */
public final class ValidationWorkflowImpl implements PhaseWorkflow.Validation {

    @Override
    public PhaseReport run(PhaseRequest request) {
        return Calls.within(Duration.ofDays(7), "compares the old shape with the new one")
                .validate(request);
    }
}
