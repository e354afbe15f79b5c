package runbook.activity;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsRequest;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.util.Optional;

/** The one search attribute that runs set, as a server knows it; setting one that it does not know wedges a run. */
public final class StateAttribute {

    public static final String NAME = "RunbookState";

    private StateAttribute() {}

    /** The command with which somebody who may do so adds it. */
    public static String command(String namespace) {
        return "temporal operator search-attribute create --namespace " + namespace + " --name " + NAME
                + " --type Keyword";
    }

    /**
     * The type that it has in a namespace.
     *
     * @throws StatusRuntimeException when the server does not answer
     */
    public static Optional<IndexedValueType> type(WorkflowServiceStubs stubs, String namespace) {
        OperatorServiceStubs operator = OperatorServiceStubs.newServiceStubs(OperatorServiceStubsOptions.newBuilder()
                .setChannel(stubs.getRawChannel())
                .validateAndBuildWithDefaults());
        try {
            return Optional.ofNullable(operator.blockingStub()
                    .listSearchAttributes(ListSearchAttributesRequest.newBuilder()
                            .setNamespace(namespace)
                            .build())
                    .getCustomAttributesMap()
                    .get(NAME));
        } catch (StatusRuntimeException e) {
            return switch (e.getStatus().getCode()) {
                case UNIMPLEMENTED, PERMISSION_DENIED, UNAUTHENTICATED -> asked(stubs, namespace);
                default -> throw e;
            };
        }
    }

    /** Where nobody may list, a search for it still tells: an attribute that is not there is an invalid argument. */
    private static Optional<IndexedValueType> asked(WorkflowServiceStubs stubs, String namespace) {
        try {
            stubs.blockingStub()
                    .countWorkflowExecutions(CountWorkflowExecutionsRequest.newBuilder()
                            .setNamespace(namespace)
                            .setQuery(NAME + " = 'backfill'")
                            .build());
            return Optional.of(IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT
                    || e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
