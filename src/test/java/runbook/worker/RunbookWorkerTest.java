package runbook.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.RemoveSearchAttributesRequest;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.SearchAttributeKey;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import runbook.Eventually;
import runbook.OwnThread;
import runbook.RequiresTemporal;
import runbook.cli.dev.DevTemporal;
import runbook.engine.RunbookException;

class RunbookWorkerTest {

    @TempDir
    Path dir;

    /** A record as this version has it. */
    public record Echo(String text, Duration waited, Instant at) {}

    /** The same as another version wrote it into a history. */
    public record OtherEcho(String text, Duration waited, Instant at, String added) {}

    @WorkflowInterface
    public interface Greeting {
        @WorkflowMethod
        Echo greet(Echo input);

        @SignalMethod
        void proceed();
    }

    public static final class GreetingImpl implements Greeting {
        private boolean proceed;

        @Override
        public Echo greet(Echo input) {
            Workflow.upsertTypedSearchAttributes(SearchAttributeKey.forKeyword(RunbookWorker.SEARCH_ATTRIBUTE)
                    .valueSet("waiting: cutover"));
            Workflow.await(() -> proceed);
            return Workflow.newActivityStub(
                            Echoing.class,
                            ActivityOptions.newBuilder()
                                    .setStartToCloseTimeout(Duration.ofSeconds(10))
                                    .build())
                    .echo(input);
        }

        @Override
        public void proceed() {
            proceed = true;
        }
    }

    @ActivityInterface
    public interface Echoing {
        Echo echo(Echo input);
    }

    public record Echoed() implements Echoing {
        @Override
        public Echo echo(Echo input) {
            return input;
        }
    }

    private static final OtherEcho INPUT =
            new OtherEcho("hello", Duration.ofMinutes(5), Instant.parse("2024-05-01T10:00:00Z"), "unknown here");

    @RequiresTemporal
    @Test
    void a_run_and_its_stored_records_survive_the_worker_on_a_real_server(DevTemporal temporal) throws Exception {
        survives(temporal);
    }

    @Test
    void a_run_and_its_stored_records_survive_the_worker_on_the_test_server() throws Exception {
        try (DevTemporal temporal =
                DevTemporal.start(DevTemporal.Options.temporary().lookingIn(""))) {
            survives(temporal);
        }
    }

    private static void survives(DevTemporal temporal) throws Exception {
        String id = UUID.randomUUID().toString();
        try (RunbookWorker first = RunbookWorker.start(greeting(temporal))) {
            WorkflowStub run = first.connection()
                    .client()
                    .newUntypedWorkflowStub(
                            "Greeting",
                            WorkflowOptions.newBuilder()
                                    .setWorkflowId(id)
                                    .setTaskQueue(RunbookWorker.TASK_QUEUE)
                                    .build());
            run.start(INPUT);
            Eventually.holds("the run waits", Duration.ofSeconds(10), () -> "waiting: cutover"
                    .equals(run.describe()
                            .getTypedSearchAttributes()
                            .get(SearchAttributeKey.forKeyword(RunbookWorker.SEARCH_ATTRIBUTE))));
        }

        try (RunbookWorker second = RunbookWorker.start(greeting(temporal))) {
            WorkflowStub run = second.connection().client().newUntypedWorkflowStub(id);
            run.signal("proceed");

            assertThat(run.getResult(20, TimeUnit.SECONDS, Echo.class))
                    .isEqualTo(new Echo(INPUT.text(), INPUT.waited(), INPUT.at()));
        }
    }

    @RequiresTemporal
    @Test
    void the_ready_file_tells_where_it_polls_and_goes_with_the_worker(DevTemporal temporal) throws Exception {
        Path file = dir.resolve("ready.json");
        Files.writeString(file, "of an earlier start");

        try (RunbookWorker worker = RunbookWorker.start(greeting(temporal).readyFile(file))) {
            JsonNode facts = new ObjectMapper().readTree(file.toFile());
            assertThat(facts.get("temporal").asText()).isEqualTo(temporal.address());
            assertThat(facts.get("namespace").asText()).isEqualTo("default");
            assertThat(facts.get("taskQueue").asText()).isEqualTo("runbook");
            assertThat(facts.get("identity").asText()).isEqualTo(worker.identity());
            assertThat(facts.get("pid").asLong())
                    .isEqualTo(ProcessHandle.current().pid());
        }

        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void a_worker_that_comes_first_waits_for_the_server() throws Exception {
        String address;
        try (DevTemporal gone =
                DevTemporal.start(DevTemporal.Options.temporary().lookingIn(""))) {
            address = gone.address();
        }
        CompletableFuture<RunbookWorker> worker = CompletableFuture.supplyAsync(
                () -> RunbookWorker.start(RunbookWorker.Options.at(TemporalAddress.of(address, "default"))
                        .workflows(GreetingImpl.class)),
                OwnThread.EACH);
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));

        try (DevTemporal late =
                DevTemporal.start(DevTemporal.Options.temporary().lookingIn("").onPorts(port, 0))) {
            RunbookWorker started = worker.get(20, TimeUnit.SECONDS);
            assertThat(started.connection().address().address()).isEqualTo(late.address());
            started.close();
        }
    }

    @RequiresTemporal
    @Test
    void a_search_attribute_of_another_type_is_refused_before_polling() {
        try (DevTemporal temporal = DevTemporal.start(DevTemporal.Options.temporary())) {
            replaceSearchAttribute(temporal);

            assertThatThrownBy(() -> RunbookWorker.start(greeting(temporal)))
                    .isInstanceOf(RunbookException.class)
                    .hasMessage("worker: the search attribute RunbookState exists at " + temporal.address()
                            + " (namespace default) with the type int, expected Keyword. Nothing was started."
                            + " Remove that one, or use another namespace.");

            try (RunbookWorker without = RunbookWorker.start(greeting(temporal).withoutSearchAttributes())) {
                assertThat(without.identity()).isNotEmpty();
            }
        }
    }

    private static void replaceSearchAttribute(DevTemporal temporal) {
        try (TemporalConnection connection =
                TemporalConnection.open(TemporalAddress.of(temporal.address(), "default"), Duration.ofSeconds(10))) {
            OperatorServiceStubs operator =
                    OperatorServiceStubs.newServiceStubs(OperatorServiceStubsOptions.newBuilder()
                            .setChannel(connection.stubs().getRawChannel())
                            .validateAndBuildWithDefaults());
            operator.blockingStub()
                    .removeSearchAttributes(RemoveSearchAttributesRequest.newBuilder()
                            .setNamespace("default")
                            .addSearchAttributes(RunbookWorker.SEARCH_ATTRIBUTE)
                            .build());
            operator.blockingStub()
                    .addSearchAttributes(AddSearchAttributesRequest.newBuilder()
                            .setNamespace("default")
                            .putAllSearchAttributes(
                                    Map.of(RunbookWorker.SEARCH_ATTRIBUTE, IndexedValueType.INDEXED_VALUE_TYPE_INT))
                            .build());
        }
    }

    private static RunbookWorker.Options greeting(DevTemporal temporal) {
        return RunbookWorker.Options.at(TemporalAddress.of(temporal.address(), temporal.namespace()))
                .workflows(GreetingImpl.class)
                .activities(new Echoed());
    }
}
