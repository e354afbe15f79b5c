package runbook.workflow;

import io.temporal.common.converter.RawValue;
import io.temporal.workflow.Workflow;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import runbook.message.Act;
import runbook.message.Outcome;
import runbook.message.Run;
import runbook.message.RunReport;
import runbook.message.Status;

/** The run as a later build might have it: it audits a greeting and a farewell, where a run does not know better. */
public class LaterMigration implements MigrationWorkflow {

    private final MigrationWorkflow today = new MigrationWorkflowImpl();

    @Override
    public Outcome run(@Nullable RawValue input) {
        if (changed("greeting")) {
            say("greeting");
        }
        Outcome outcome = today.run(input);
        if (changed("farewell")) {
            say("farewell");
        }
        return outcome;
    }

    /** What every change of a workflow stands behind. */
    boolean changed(String what) {
        return Workflow.getVersion(what, Workflow.DEFAULT_VERSION, 1) == 1;
    }

    private static void say(String what) {
        Run run = new Run(Rig.ID, "dev", 1, 1, Rig.ID, "");
        Calls.run(what).audit(new Act(run, what, "", "the later build", Map.of(), what));
    }

    @Override
    public Status status() {
        return today.status();
    }

    @Override
    public RunReport report() {
        return today.report();
    }
}
