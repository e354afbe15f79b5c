package runbook.activity;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.namespace.v1.NamespaceInfo;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import io.temporal.client.WorkflowClient;
import java.util.EnumSet;
import java.util.Set;
import runbook.engine.Owners;

/** The owners of runs as the server knows them through which the worker polls. */
final class OwnersInTemporal implements Owners {

    /** Answers that would be the same in a minute; any other may come from a server that has too much to do. */
    private static final Set<Status.Code> FINAL = EnumSet.of(
            Status.Code.NOT_FOUND,
            Status.Code.INVALID_ARGUMENT,
            Status.Code.PERMISSION_DENIED,
            Status.Code.UNAUTHENTICATED,
            Status.Code.UNIMPLEMENTED);

    private final WorkflowServiceBlockingStub server;
    private final Home home;

    OwnersInTemporal(WorkflowClient client) {
        server = client.getWorkflowServiceStubs().blockingStub();
        String namespace = client.getOptions().getNamespace();
        NamespaceInfo info = server.describeNamespace(DescribeNamespaceRequest.newBuilder()
                        .setNamespace(namespace)
                        .build())
                .getNamespaceInfo();
        home = new Home(namespace, info.getId());
    }

    @Override
    public Home home() {
        return home;
    }

    /**
     * Whether it, or what it was reset to, runs. A workflow that this server does not know, or does not speak of, may run
     * on another one: then only a person can tell.
     *
     * @throws StatusRuntimeException when the server does not answer now
     */
    @Override
    public Life life(String namespace, String workflowId, String workflowRun) {
        String newest = workflowRun;
        while (true) {
            try {
                DescribeWorkflowExecutionResponse described = describe(namespace, workflowId, newest);
                String reset = described.getWorkflowExtendedInfo().getResetRunId();
                if (reset.isEmpty() || reset.equals(newest)) {
                    return described.getWorkflowExecutionInfo().getStatus()
                                    == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
                            ? Life.RUNNING
                            : Life.OVER;
                }
                newest = reset;
            } catch (StatusRuntimeException e) {
                if (!FINAL.contains(e.getStatus().getCode())) {
                    throw e;
                }
                return Life.UNKNOWN;
            }
        }
    }

    private DescribeWorkflowExecutionResponse describe(String namespace, String workflowId, String workflowRun) {
        return server.describeWorkflowExecution(DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(namespace)
                .setExecution(
                        WorkflowExecution.newBuilder().setWorkflowId(workflowId).setRunId(workflowRun))
                .build());
    }
}
