package runbook.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import com.google.protobuf.util.Durations;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.activity.v1.ActivityOptions;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.common.v1.RetryPolicy;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.history.v1.History;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.api.workflowservice.v1.ResetStickyTaskQueueRequest;
import io.temporal.api.workflowservice.v1.SignalWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.TerminateWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.UpdateActivityOptionsRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
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
                    .toLowerCase(Locale.ROOT);
        }
        ByteString shown = described
                .getSearchAttributes()
                .getIndexedFieldsOrDefault(RunbookWorker.SEARCH_ATTRIBUTE, Payload.getDefaultInstance())
                .getData();
        return shown.isEmpty() ? "" : TemporalCli.json(shown.toStringUtf8()).asText();
    }

    /** Waits for a state; a run that parks or closes in its place is told at once. */
    void await(String workflow, String wanted) throws Exception {
        Eventually.holds(workflow + " is '" + wanted + "'", PATIENCE, () -> {
            String state = state(workflow);
            if (!state.equals(wanted) && (state.startsWith("parked") || closed(state))) {
                throw new AssertionError(workflow + " is '" + state + "', expected '" + wanted + "': "
                        + status(workflow).toPrettyString());
            }
            return state.equals(wanted);
        });
    }

    /** Waits for a state, whatever comes before it. */
    void reach(String workflow, String wanted) throws Exception {
        Eventually.holds(workflow + " is '" + wanted + "'", PATIENCE, () -> state(workflow)
                .equals(wanted));
    }

    /** Waits until a worker has begun an activity of a phase. */
    void awaitActivity(String workflow, String phase, String type) throws Exception {
        reach(workflow, phase);
        Eventually.holds(
                type + " runs in " + workflow,
                PATIENCE,
                () -> found(workflow + "/" + phase)
                        && describe(workflow + "/" + phase).getPendingActivitiesList().stream()
                                .anyMatch(activity ->
                                        activity.getActivityType().getName().equals(type)
                                                && activity.getState()
                                                        == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED));
    }

    boolean found(String workflow) {
        try {
            return describe(workflow).hasWorkflowExecutionInfo();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /** A signal as a program that is not the CLI may send it: any bytes, under any encoding. */
    void signal(String workflow, String name, String encoding, String bytes) {
        server().signalWorkflowExecution(SignalWorkflowExecutionRequest.newBuilder()
                .setNamespace(namespace)
                .setWorkflowExecution(WorkflowExecution.newBuilder().setWorkflowId(workflow))
                .setSignalName(name)
                .setInput(Payloads.newBuilder()
                        .addPayloads(Payload.newBuilder()
                                .putMetadata("encoding", ByteString.copyFromUtf8(encoding))
                                .setData(ByteString.copyFromUtf8(bytes))))
                .build());
    }

    /** Everything that the server keeps of a run's newest execution. */
    History history(String workflow) {
        return client.fetchHistory(workflow).getHistory();
    }

    /** The highest number of attempts that any activity of the workflow took. */
    int attempts(String workflow) {
        return history(workflow).getEventsList().stream()
                .filter(HistoryEvent::hasActivityTaskStartedEventAttributes)
                .mapToInt(event -> event.getActivityTaskStartedEventAttributes().getAttempt())
                .max()
                .orElse(0);
    }

    JsonNode status(String workflow) {
        return client.newUntypedWorkflowStub(workflow).query("status", JsonNode.class);
    }

    DescribeWorkflowExecutionResponse describe(String workflow) {
        return server().describeWorkflowExecution(DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(namespace)
                .setExecution(WorkflowExecution.newBuilder().setWorkflowId(workflow))
                .build());
    }

    /**
     * Spares the test the minute after which a dead worker is missed: its activities are, and its cached runs go to others,
     * after a few seconds.
     */
    void missTheWorkerSoon(String workflow) {
        WorkflowExecution run = describe(workflow).getWorkflowExecutionInfo().getExecution();
        server().resetStickyTaskQueue(ResetStickyTaskQueueRequest.newBuilder()
                .setNamespace(namespace)
                .setExecution(run)
                .build());
        describe(workflow)
                .getPendingActivitiesList()
                .forEach(activity -> server().updateActivityOptions(UpdateActivityOptionsRequest.newBuilder()
                        .setNamespace(namespace)
                        .setExecution(run)
                        .setId(activity.getActivityId())
                        .setActivityOptions(ActivityOptions.newBuilder()
                                .setHeartbeatTimeout(Durations.fromSeconds(3))
                                .setStartToCloseTimeout(Durations.fromSeconds(30))
                                .setRetryPolicy(RetryPolicy.newBuilder().setInitialInterval(Durations.fromSeconds(1))))
                        .setUpdateMask(FieldMask.newBuilder()
                                .addPaths("heartbeat_timeout")
                                .addPaths("start_to_close_timeout")
                                .addPaths("retry_policy.initial_interval"))
                        .build()));
    }

    /** Ends whatever is still open below this id, so that no later test's worker gets it. */
    void terminate(String workflow) {
        try {
            server().terminateWorkflowExecution(TerminateWorkflowExecutionRequest.newBuilder()
                    .setNamespace(namespace)
                    .setWorkflowExecution(WorkflowExecution.newBuilder().setWorkflowId(workflow))
                    .setReason("the test is over")
                    .build());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
                throw e;
            }
        }
    }

    /** A server that has just come back is waited for. */
    private WorkflowServiceBlockingStub server() {
        return stubs.blockingStub().withWaitForReady().withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static boolean closed(String state) {
        return List.of("completed", "failed", "canceled", "terminated").contains(state);
    }

    @Override
    public void close() {
        stubs.shutdownNow();
    }
}
