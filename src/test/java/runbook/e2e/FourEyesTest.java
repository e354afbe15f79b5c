package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static runbook.e2e.NewShape.number;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.api.common.v1.WorkflowType;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.StartWorkflowExecutionRequest;
import io.temporal.common.converter.DefaultDataConverter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import runbook.worker.RunbookWorker;

/** One shell that starts and approves: shown, and refused where the input says so. Only what counts is kept. */
class FourEyesTest extends OneRun {

    private static final String SHOWN =
            "The gate schema was approved by alice with the identity that started the run: one person may have done both.";

    @Test
    void one_shell_may_start_and_approve_and_the_run_says_so() throws Exception {
        run.started(run.input("gates", List.of("schema", "drop")));
        assertThat(approve().code()).isZero();
        run.view().await(run.workflow(), "completed");

        assertThat(run.temporal().status(run.workflow()).path("warnings"))
                .extracting(JsonNode::asText)
                .containsExactly(SHOWN);
        assertThat(number(
                        postgres.database(),
                        "select count(*) from runbook.approval where same_identity and identity = started_by"
                                + " and identity like 'temporal-cli:%'"))
                .isEqualTo(1);
    }

    @Test
    void where_identities_are_compared_another_one_must_approve() throws Exception {
        TemporalCli.Printed begun = run.begin(
                run.workflow(),
                run.input("gates", List.of("schema", "drop"), "policies", List.of(Map.of("identity", "history"))));
        assertThat(begun.code()).as(begun.all()).isZero();
        run.view().await(run.workflow(), "waiting: schema");

        TemporalCli.Printed refused = approve();

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("It was sent by the identity that started the run; this gate asks for another one.");
        assertThat(number(postgres.database(), "select count(*) from runbook.approval"))
                .isZero();
        assertThat(number(
                        postgres.database(),
                        "select count(*) from runbook.audit where act = 'refuse approval'"
                                + " and detail ->> 'reason' like 'It was sent by the identity%'"))
                .isEqualTo(1);
        assertThat(approve("--identity", "alice").code()).isZero();
        run.view().await(run.workflow(), "completed");
        assertThat(run.temporal().status(run.workflow()).path("warnings")).isEmpty();
        assertThat(number(
                        postgres.database(),
                        "select count(*) from runbook.approval where not same_identity and identity = 'alice'"))
                .isEqualTo(1);
    }

    @Test
    void a_start_without_an_identity_cannot_be_compared_with() throws Exception {
        Map<String, Object> input = run.input("policies", List.of(Map.of("identity", "history")));

        run.view()
                .client()
                .getWorkflowServiceStubs()
                .blockingStub()
                .startWorkflowExecution(StartWorkflowExecutionRequest.newBuilder()
                        .setNamespace("default")
                        .setRequestId(UUID.randomUUID().toString())
                        .setWorkflowId(run.workflow())
                        .setWorkflowType(WorkflowType.newBuilder().setName("Migration"))
                        .setTaskQueue(TaskQueue.newBuilder().setName(RunbookWorker.TASK_QUEUE))
                        .setInput(DefaultDataConverter.STANDARD_INSTANCE
                                .toPayloads(input)
                                .orElseThrow())
                        .build());

        run.view().reach(run.workflow(), "failed");
        assertThat(run.temporal().status(run.workflow()).path("problems"))
                .extracting(JsonNode::asText)
                .containsExactly(
                        "'policies', drop: 'identity': \"history\" compares with who started the run, and this start came"
                                + " without an identity. Start it with the temporal command and --identity YOU.");
        run.completes(input);
    }

    private TemporalCli.Printed approve(String... more) throws Exception {
        run.view().await(run.workflow(), "waiting: schema");
        String evidence =
                run.view().status(run.workflow()).path("gate").path("evidence").asText();
        List<String> line = new java.util.ArrayList<>(List.of("workflow", "update", "execute", "-w", run.workflow()));
        line.addAll(List.of("--name", "approve", "--input"));
        line.add("{\"gate\":\"schema\",\"evidence\":\"%s\",\"approver\":\"alice\"}".formatted(evidence));
        line.addAll(List.of(more));
        return run.temporal().run(line);
    }
}
