package runbook.workflow;

import io.temporal.common.converter.RawValue;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import runbook.message.Outcome;
import runbook.message.RunReport;
import runbook.message.Status;

/** One migration of one database, from the first look to the drop. Messages to it are in {@link Messages}. */
@WorkflowInterface
public interface MigrationWorkflow {

    /**
     * Ends when the target holds what the outcome says.
     *
     * @param input raw, so that a broken one is answered with every problem of it
     */
    @WorkflowMethod(name = "Migration")
    Outcome run(@Nullable RawValue input);

    @QueryMethod(description = "Where the run stands, what it waits for, and what was ignored.")
    Status status();

    @QueryMethod(description = "Everything about the run: phases, checks, approvals, repairs.")
    RunReport report();
}
