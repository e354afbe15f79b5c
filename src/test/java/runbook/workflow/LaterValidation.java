package runbook.workflow;

import io.temporal.workflow.Workflow;
import java.time.Duration;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;

/** The validation as a later build might have it: it has the backup drilled again first. */
public final class LaterValidation implements PhaseWorkflow.Validation {

    @Override
    public PhaseReport run(PhaseRequest request) {
        PhaseActivities activities = Calls.within(Duration.ofHours(1), "proves more than it did");
        if (Workflow.getVersion("drills first", Workflow.DEFAULT_VERSION, 1) == 1) {
            activities.drill(request);
        }
        return activities.validate(request);
    }
}
