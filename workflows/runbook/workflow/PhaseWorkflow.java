package runbook.workflow;

import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;

/**
 * The phases as child workflows, but for the cutover, each with a type of its own, so that the Web UI shows named rows with their own
 * history. A child's id is its parent's id, a slash and the phase: no phase can run twice at a time.
 */
public interface PhaseWorkflow {

    @WorkflowMethod
    PhaseReport run(PhaseRequest request);

    /** Finds out what can go wrong before anything is touched. */
    @WorkflowInterface
    interface Assessment extends PhaseWorkflow {}

    /** Ends with a backup that was restored and compared. */
    @WorkflowInterface
    interface Backup extends PhaseWorkflow {}

    /** Adds the new shape beside the old one. */
    @WorkflowInterface
    interface Schema extends PhaseWorkflow {}

    /** Brings every row over while the application keeps writing. */
    @WorkflowInterface
    interface Backfill extends PhaseWorkflow {

        /** Has at least so many slots copy; those beyond what is wanted step aside by themselves. */
        @SignalMethod
        void workers(int count);
    }

    /** Proves that nothing was lost. */
    @WorkflowInterface
    interface Validation extends PhaseWorkflow {}

    /** Takes the old shape out of sight. */
    @WorkflowInterface
    interface Cleanup extends PhaseWorkflow {}

    /** Removes the old shape for good. */
    @WorkflowInterface
    interface Drop extends PhaseWorkflow {}

    /** Brings the old shape back, with the writes made since. */
    @WorkflowInterface
    interface Rollback extends PhaseWorkflow {}
}
