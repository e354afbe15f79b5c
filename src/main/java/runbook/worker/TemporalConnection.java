package runbook.worker;

import io.grpc.ClientInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import runbook.engine.RunbookException;

/** A server that has answered for its namespace. */
public final class TemporalConnection implements AutoCloseable {

    /** For a worker: however long it takes. */
    public static final Duration FOR_EVER = Duration.ofDays(10_000);

    private static final Logger LOG = LoggerFactory.getLogger(TemporalConnection.class);
    private static final long ANSWER_SECONDS = 10;
    private static final long TRY_AGAIN_MILLIS = 2_000;
    private static final Duration TELL_AGAIN = Duration.ofSeconds(30);

    private final TemporalAddress address;
    private final WorkflowServiceStubs stubs;
    private final WorkflowClient client;
    private volatile boolean realServer;

    private TemporalConnection(TemporalAddress address) {
        this.address = address;
        this.stubs = WorkflowServiceStubs.newServiceStubs(withoutStickyQueues(address.options()));
        this.client = WorkflowClient.newInstance(
                stubs,
                WorkflowClientOptions.newBuilder()
                        .setNamespace(address.namespace())
                        .setDataConverter(JsonConverter.tolerant())
                        .build());
    }

    private WorkflowServiceStubsOptions withoutStickyQueues(WorkflowServiceStubsOptions options) {
        List<ClientInterceptor> interceptors = options.getGrpcClientInterceptors() == null
                ? new ArrayList<>()
                : new ArrayList<>(options.getGrpcClientInterceptors());
        interceptors.add(new StickyQueues(() -> realServer));
        return WorkflowServiceStubsOptions.newBuilder(options)
                .setGrpcClientInterceptors(interceptors)
                .build();
    }

    /**
     * Waits until the server answers, at most this long.
     *
     * @throws RunbookException at once where waiting cannot help: TLS, credentials, an unknown namespace
     */
    public static TemporalConnection open(TemporalAddress address, Duration patience) {
        TemporalConnection connection = new TemporalConnection(address);
        try {
            connection.await(Instant.now().plus(patience));
            return connection;
        } catch (InterruptedException e) {
            connection.close();
            Thread.currentThread().interrupt();
            throw new RunbookException("worker: stopped while waiting for Temporal at " + address, e);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void await(Instant deadline) throws InterruptedException {
        Instant tellNext = Instant.MIN;
        while (true) {
            try {
                stubs.getRawChannel().resetConnectBackoff();
                ask();
                return;
            } catch (StatusRuntimeException e) {
                if (!passing(e) || Instant.now().isAfter(deadline)) {
                    throw new RunbookException("worker: " + refusal(e), e);
                }
                if (Instant.now().isAfter(tellNext)) {
                    LOG.warn("Temporal at {} does not answer yet ({}); trying again.", address, reason(e));
                    tellNext = Instant.now().plus(TELL_AGAIN);
                }
            }
            TimeUnit.MILLISECONDS.sleep(TRY_AGAIN_MILLIS);
        }
    }

    private void ask() {
        stubs.blockingStub()
                .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                .describeNamespace(DescribeNamespaceRequest.newBuilder()
                        .setNamespace(address.namespace())
                        .build());
        // Every server tells its version but the SDK's test server.
        realServer = !stubs.blockingStub()
                .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                .getSystemInfo(GetSystemInfoRequest.getDefaultInstance())
                .getServerVersion()
                .isEmpty();
    }

    private static boolean passing(StatusRuntimeException error) {
        return switch (error.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED -> !aboutTls(error);
            default -> false;
        };
    }

    private static boolean aboutTls(Throwable error) {
        return Stream.<Throwable>iterate(error, cause -> cause != null, Throwable::getCause)
                .anyMatch(SSLException.class::isInstance);
    }

    private String refusal(StatusRuntimeException error) {
        String found = "Temporal at " + address + " ";
        String state = " Nothing was started. ";
        if (aboutTls(error)) {
            return found + "and this worker do not agree on TLS: " + reason(error) + "." + state
                    + "Compare TEMPORAL_TLS, TEMPORAL_TLS_SERVER_CA_CERT_PATH, TEMPORAL_TLS_SERVER_NAME and the client"
                    + " certificate with what the server expects.";
        }
        Status.Code code = error.getStatus().getCode();
        return switch (code) {
            case NOT_FOUND ->
                found + "does not know this namespace." + state
                        + "Create it: temporal operator namespace create --namespace " + address.namespace()
                        + " (or correct TEMPORAL_NAMESPACE).";
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                found + "refuses this worker (" + code + ")." + state
                        + "Check TEMPORAL_API_KEY or the client certificate, and that they are good for this namespace.";
            default ->
                found + "does not answer as Temporal does (" + code + ": " + reason(error) + ")." + state
                        + "Check TEMPORAL_ADDRESS.";
        };
    }

    /** The innermost words: "Connection refused: /127.0.0.1:7233" rather than "io exception". */
    private static String reason(StatusRuntimeException error) {
        Throwable last = error;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        String words = last == error ? error.getStatus().getDescription() : last.getMessage();
        if (words != null && words.contains("Network closed")) {
            return "it closes the connection; if it expects TLS, set TEMPORAL_TLS=true";
        }
        return words == null
                ? error.getStatus().getCode().toString()
                : words.lines().findFirst().orElse("");
    }

    public TemporalAddress address() {
        return address;
    }

    public WorkflowServiceStubs stubs() {
        return stubs;
    }

    public WorkflowClient client() {
        return client;
    }

    /** False for the SDK's test server, which lists nothing and has no Web UI. */
    public boolean realServer() {
        return realServer;
    }

    @Override
    public void close() {
        stubs.shutdownNow();
    }
}
