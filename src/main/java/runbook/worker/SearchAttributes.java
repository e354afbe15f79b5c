package runbook.worker;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import runbook.activity.StateAttribute;
import runbook.engine.RunbookException;

/** Sees to the one search attribute that runs set. */
final class SearchAttributes {

    private static final Logger LOG = LoggerFactory.getLogger(SearchAttributes.class);
    private static final IndexedValueType KEYWORD = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

    private SearchAttributes() {}

    /**
     * Makes sure that the server knows the attribute, or says what a person with more rights has to type. Until then runs
     * that would set it are refused at their start; those that say they set none run.
     */
    static void register(TemporalConnection connection) {
        Optional<IndexedValueType> known =
                StateAttribute.type(connection.stubs(), connection.address().namespace());
        if (known.isPresent() && known.get() != KEYWORD) {
            throw new RunbookException("worker: the search attribute " + RunbookWorker.SEARCH_ATTRIBUTE + " exists at "
                    + connection.address() + " with the type " + word(known.get())
                    + ", expected Keyword. Nothing was started. Remove that one, or use another namespace.");
        }
        if (known.isEmpty()) {
            add(connection);
        }
    }

    private static void add(TemporalConnection connection) {
        OperatorServiceStubs operator = OperatorServiceStubs.newServiceStubs(OperatorServiceStubsOptions.newBuilder()
                .setChannel(connection.stubs().getRawChannel())
                .validateAndBuildWithDefaults());
        String namespace = connection.address().namespace();
        try {
            operator.blockingStub()
                    .addSearchAttributes(AddSearchAttributesRequest.newBuilder()
                            .setNamespace(namespace)
                            .putSearchAttributes(RunbookWorker.SEARCH_ATTRIBUTE, KEYWORD)
                            .build());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
                LOG.warn(
                        "The search attribute {} is missing at {}, and this worker may not add it ({}). Only runs with"
                                + " \"searchAttributes\": false can be started. Have it added: {}",
                        RunbookWorker.SEARCH_ATTRIBUTE,
                        connection.address(),
                        e.getStatus().getCode(),
                        StateAttribute.command(namespace));
            }
        }
    }

    private static String word(IndexedValueType type) {
        return type.name().substring("INDEXED_VALUE_TYPE_".length()).toLowerCase(Locale.ROOT);
    }
}
