package runbook.workflow;

import java.time.Duration;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;

/** Expand only: nothing that the application knows is changed. */
public final class SchemaWorkflowImpl implements PhaseWorkflow.Schema {

    @Override
    public PhaseReport run(PhaseRequest request) {
        return Calls.within(Duration.ofDays(1), "adds the new shape").expand(request);
    }
}
