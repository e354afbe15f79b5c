package runbook.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.api.workflowservice.v1.TerminateWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import runbook.Eventually;
import runbook.cli.dev.DevTemporal;
import runbook.worker.RunbookWorker;

/** What the server knows of a run, asked without starting a program each time: for waiting. */
final class RunView implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(90);

    private final WorkflowServiceStubs stubs;
    private final WorkflowClient client;
    private final String namespace;

    RunView(DevTemporal server) {
        namespace = server.namespace();
        stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget(server.address())
                .build());
        client = WorkflowClient.newInstance(stubs);
    }

    WorkflowClient client() {
        return client;
    }

    /** The search attribute while the run is open, and how the workflow closed after it: {@code completed}. */
    String state(String workflow) {
        var described = describe(workflow).getWorkflowExecutionInfo();
        if (described.getStatus() != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING) {
            return described
                    .getStatus()
                    .name()
                    .replace("WORKFLOW_EXECUTION_STATUS_", "")
                    .toLowerCase(java.util.Locale.ROOT);
        }
        ByteString shown = described
                .getSearchAttributes()
                .getIndexedFieldsOrDefault(
                        RunbookWorker.SEARCH_ATTRIBUTE, io.temporal.api.common.v1.Payload.getDefaultInstance())
                .getData();
        return shown.isEmpty() ? "" : TemporalCli.json(shown.toStringUtf8()).asText();
    }

    /** Waits for a state; a run that parks or closes in its place is told at once. */
    void await(String workflow, String wanted) throws Exception {
        Eventually.holds(workflow + " is '" + wanted + "', not '" + state(workflow) + "'", PATIENCE, () -> {
            String state = state(workflow);
            if (!state.equals(wanted) && (state.startsWith("parked") || closed(state))) {
                throw new AssertionError(workflow + " is '" + state + "', expected '" + wanted + "': "
                        + status(workflow).toPrettyString());
            }
            return state.equals(wanted);
        });
    }

    /** Waits until an activity of the workflow has been begun by a worker. */
    void awaitActivity(String workflow, String type) throws Exception {
        Eventually.holds(
                type + " runs in " + workflow, PATIENCE, () -> describe(workflow).getPendingActivitiesList().stream()
                        .anyMatch(
                                activity -> activity.getActivityType().getName().equals(type)
                                        && activity.getState() == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED));
    }

    JsonNode status(String workflow) {
        return client.newUntypedWorkflowStub(workflow).query("status", JsonNode.class);
    }

    DescribeWorkflowExecutionResponse describe(String workflow) {
        return stubs.blockingStub()
                .describeWorkflowExecution(DescribeWorkflowExecutionRequest.newBuilder()
                        .setNamespace(namespace)
                        .setExecution(WorkflowExecution.newBuilder().setWorkflowId(workflow))
                        .build());
    }

    /** Ends whatever is still open below this id, so that no later test's worker gets it. */
    void terminate(String workflow) {
        try {
            stubs.blockingStub()
                    .terminateWorkflowExecution(TerminateWorkflowExecutionRequest.newBuilder()
                            .setNamespace(namespace)
                            .setWorkflowExecution(WorkflowExecution.newBuilder().setWorkflowId(workflow))
                            .setReason("the test is over")
                            .build());
        } catch (io.grpc.StatusRuntimeException e) {
            if (e.getStatus().getCode() != io.grpc.Status.Code.NOT_FOUND) {
                throw e;
            }
        }
    }

    private static boolean closed(String state) {
        return java.util.List.of("completed", "failed", "canceled", "terminated")
                .contains(state);
    }

    @Override
    public void close() {
        stubs.shutdownNow();
    }
}
