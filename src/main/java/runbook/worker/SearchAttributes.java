package runbook.worker;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import java.util.Locale;
import java.util.Optional;
import runbook.engine.RunbookException;

/** The one search attribute that runs set; a run that sets one which the server does not know stops for good. */
final class SearchAttributes {

    private static final IndexedValueType KEYWORD = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

    private SearchAttributes() {}

    /** Makes sure that the server knows the attribute, or says what a person with more rights has to type. */
    static void register(TemporalConnection connection) {
        OperatorServiceStubs operator = OperatorServiceStubs.newServiceStubs(OperatorServiceStubsOptions.newBuilder()
                .setChannel(connection.stubs().getRawChannel())
                .validateAndBuildWithDefaults());
        Optional<IndexedValueType> known = known(operator, connection);
        if (known.isPresent() && known.get() != KEYWORD) {
            throw new RunbookException("worker: the search attribute " + RunbookWorker.SEARCH_ATTRIBUTE + " exists at "
                    + connection.address() + " with the type " + word(known.get())
                    + ", expected Keyword. Nothing was started. Remove that one, or use another namespace.");
        }
        if (known.isEmpty()) {
            add(operator, connection);
        }
    }

    /** Empty also where the server does not list: then adding decides. */
    private static Optional<IndexedValueType> known(OperatorServiceStubs operator, TemporalConnection connection) {
        try {
            return Optional.ofNullable(operator.blockingStub()
                    .listSearchAttributes(ListSearchAttributesRequest.newBuilder()
                            .setNamespace(connection.address().namespace())
                            .build())
                    .getCustomAttributesMap()
                    .get(RunbookWorker.SEARCH_ATTRIBUTE));
        } catch (StatusRuntimeException e) {
            return switch (e.getStatus().getCode()) {
                case UNIMPLEMENTED, PERMISSION_DENIED, UNAUTHENTICATED -> Optional.empty();
                default -> throw e;
            };
        }
    }

    private static void add(OperatorServiceStubs operator, TemporalConnection connection) {
        try {
            operator.blockingStub()
                    .addSearchAttributes(AddSearchAttributesRequest.newBuilder()
                            .setNamespace(connection.address().namespace())
                            .putSearchAttributes(RunbookWorker.SEARCH_ATTRIBUTE, KEYWORD)
                            .build());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.ALREADY_EXISTS) {
                return;
            }
            throw new RunbookException(
                    "worker: the search attribute " + RunbookWorker.SEARCH_ATTRIBUTE + " is missing at "
                            + connection.address() + ", and this worker may not add it ("
                            + e.getStatus().getCode()
                            + "). Nothing was started. Have it added: temporal operator search-attribute create"
                            + " --namespace " + connection.address().namespace() + " --name "
                            + RunbookWorker.SEARCH_ATTRIBUTE + " --type Keyword",
                    e);
        }
    }

    private static String word(IndexedValueType type) {
        return type.name().substring("INDEXED_VALUE_TYPE_".length()).toLowerCase(Locale.ROOT);
    }
}
