package runbook.workflow;

import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancelExternalWorkflowException;
import io.temporal.workflow.ChildWorkflowCancellationType;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.ChildWorkflowStub;
import io.temporal.workflow.Promise;
import io.temporal.workflow.SignalExternalWorkflowException;
import io.temporal.workflow.Workflow;
import java.util.Locale;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;

/** One attempt at a phase, as a child workflow whose fixed id keeps a second one out. */
final class Child {

    private final String row;
    private final String id;
    private final ChildWorkflowStub stub;

    /** A child for a row of the phase table: a phase, or the drop. */
    Child(String row, int attempt) {
        this.row = row;
        this.id = Workflow.getInfo().getWorkflowId() + "/" + row;
        String again = attempt > 1 ? ", attempt " + attempt : "";
        this.stub = Workflow.newUntypedChildWorkflowStub(
                row.substring(0, 1).toUpperCase(Locale.ROOT) + row.substring(1),
                ChildWorkflowOptions.newBuilder()
                        .setWorkflowId(id)
                        .setStaticSummary(summary() + again)
                        .setStaticDetails(
                                "A phase of the run above it. What it waits for and what to do is told there.")
                        .setCancellationType(ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED)
                        // A parent that is terminated cannot roll back, but it must not leave a copy running either.
                        .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL)
                        .build());
    }

    Promise<PhaseReport> run(PhaseRequest request) {
        return stub.executeAsync(PhaseReport.class, request);
    }

    /** Has the phase that copies start more slots, if it has fewer. */
    void workers(int count) {
        if (row.equals("backfill")) {
            tell("workers", count);
        }
    }

    /** Nobody waits for a phase that may be ending. */
    private void tell(String signal, Object what) {
        Async.procedure(() -> {
            try {
                stub.signal(signal, what);
            } catch (SignalExternalWorkflowException ended) {
                Workflow.getLogger(Child.class).info("{} ended before it heard of: {}", id, signal);
            }
        });
    }

    /** Whether a child of an earlier run, which was reset or terminated, still has the id. */
    static boolean idIsTaken(ChildWorkflowFailure failure) {
        // The one cause that is not a TemporalFailure is the client's WorkflowExecutionAlreadyStarted.
        return failure.getCause() != null && !(failure.getCause() instanceof TemporalFailure);
    }

    /** Asks that earlier child to stop. */
    void stopEarlier() {
        try {
            Workflow.newUntypedExternalWorkflowStub(id).cancel();
        } catch (CancelExternalWorkflowException ended) {
            Workflow.getLogger(Child.class).info("the earlier {} has ended by itself", id);
        }
    }

    private String summary() {
        return switch (row) {
            case "assessment" -> "assessment: looks before anything is touched";
            case "backup" -> "backup, then the drill that restores it";
            case "schema" -> "schema: adds the new shape";
            case "backfill" -> "backfill: brings the rows over";
            case "validation" -> "validation: proves that nothing was lost";
            case "cleanup" -> "cleanup: takes the old shape out of sight";
            case "drop" -> "drop: removes the old shape for good";
            default -> "rollback: brings the old shape back";
        };
    }
}
