package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import runbook.message.Outcome;

class InputTest {

    private static final String NEXT = "\nNothing was started. Correct the file, then: temporal workflow start --type"
            + " Migration -t runbook -w individual_process_status --input-file FILE --fail-existing";

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private ApplicationFailure refusal() {
        WorkflowFailedException failed = catchThrowableOfType(WorkflowFailedException.class, rig::outcome);
        return (ApplicationFailure) Objects.requireNonNull(failed.getCause());
    }

    @Test
    void one_message_lists_every_problem_of_the_input_and_of_the_target() {
        rig.target.refuse("'target': 'dev' is not in the service file");

        rig.start(Rig.input("rowz", 3, "soak", "two weeks", "gates", List.of("schema")));

        ApplicationFailure failure = refusal();
        assertThat(failure.getType()).isEqualTo("InvalidInput");
        assertThat(failure.getOriginalMessage())
                .startsWith(
                        "4 problems in the input of individual_process_status:\n- unknown field 'rowz'; known fields: ")
                .contains(
                        "\n- 'gates': 'drop' cannot be left out",
                        "\n- 'soak': expected a duration such as \"PT6H\" or \"P14D\", at least PT0S, found \"two weeks\"",
                        "\n- 'target': 'dev' is not in the service file")
                .endsWith(NEXT);
        assertThat(rig.past().stackTraceOfTheEnd()).isEmpty();
        assertThat(rig.temporalStatus()).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_FAILED);
        assertThat(rig.status().state()).isEqualTo("rejected");
        assertThat(rig.status().problems()).hasSize(4);
        assertThat(rig.details())
                .startsWith("### Not started: the input has problems")
                .contains("unknown field 'rowz'", "'target': 'dev' is not in the");
        assertThat(rig.target.calls).containsExactly("admit");
    }

    @Test
    void no_input_is_told() {
        rig.start();

        assertThat(refusal().getOriginalMessage())
                .isEqualTo("1 problem in the input:\n- expected one JSON object with at least 'migration' and 'target',"
                        + " found no input" + NEXT);
    }

    @Test
    void an_input_that_is_not_json_is_told() {
        Payload broken = Payload.newBuilder()
                .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
                .setData(ByteString.copyFromUtf8("{\"migration\": secret"))
                .build();

        rig.start(new RawValue(broken));

        assertThat(refusal().getOriginalMessage())
                .contains("found something that is not JSON")
                .doesNotContain("secret");
    }

    @Test
    void a_target_that_cannot_be_asked_is_a_problem_too() {
        rig.target.fault("admit", "The host does not answer.");

        rig.start(Rig.input("rowz", 3));

        assertThat(refusal().getOriginalMessage())
                .startsWith("2 problems in the input")
                .contains("\n- The host does not answer.");
    }

    @Test
    void the_corrected_start_runs() throws Exception {
        rig.start(Rig.input("rowz", 3));
        assertThat(refusal()).isNotNull();

        rig.start(Rig.input());

        rig.gate("schema");
    }

    @Test
    void begin_answers_a_good_input_with_one_line() throws Exception {
        assertThat(begin(Rig.input())).isEqualTo("ok: individual_process_status on dev has begun, epoch 1.");
        rig.gate("schema");
    }

    @Test
    void begin_answers_a_bad_input_with_all_its_problems() {
        WorkflowUpdateException refused =
                catchThrowableOfType(WorkflowUpdateException.class, () -> begin(Rig.input("rowz", 3, "drop", "no")));

        assertThat(refused.getCause()).isInstanceOfSatisfying(ApplicationFailure.class, failure -> {
            assertThat(failure.getType()).isEqualTo("InvalidInput");
            assertThat(failure.getOriginalMessage())
                    .startsWith("2 problems in the input of individual_process_status:\n- unknown field 'rowz'")
                    .contains("\n- 'drop': expected true or false, found a text (no)");
        });
        assertThat(refusal().getType()).isEqualTo("InvalidInput");
    }

    private @Nullable String begin(Map<String, Object> input) {
        WorkflowStub stub = rig.unstarted(WorkflowOptions.newBuilder()
                .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL));
        return stub.executeUpdateWithStart(
                UpdateOptions.newBuilder(String.class)
                        .setUpdateName("begin")
                        .setWaitForStage(WorkflowUpdateStage.COMPLETED)
                        .build(),
                new Object[0],
                new Object[] {input});
    }

    @Test
    void an_earlier_run_that_was_going_back_is_finished_first() throws Exception {
        rig.target.resume("rolling_back", "nothing");
        rig.start(Rig.input());

        rig.gate("schema");

        assertThat(rig.target.calls).startsWith("admit", "flipBack", "undo", "end rolled_back", "admit", "assess");
    }

    @Test
    void an_earlier_run_whose_way_back_fails_parks_and_takes_retry_alone() throws Exception {
        rig.target.resume("rolling_back", "nothing");
        rig.target.fault("undo", "failed");
        rig.start(Rig.input());
        rig.reaches("rollback", "parked");

        assertThat(rig.refusal("abort", "requestedBy", "bob")).startsWith("Too late: The run goes back");
        rig.signal("retry", "requestedBy", "bob").gate("schema");
    }

    @Test
    void an_earlier_run_that_had_retired_is_taken_up_at_the_hold() throws Exception {
        rig.target.resume("retired");
        rig.start(Rig.input()).calls("retire").details("### Hold until ");

        rig.sleep(java.time.Duration.ofHours(3)).approve("drop");

        assertThat(rig.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(rig.target.calls)
                .containsExactly(
                        "admit",
                        "retire",
                        "evidence drop",
                        "evidence drop",
                        "attest drop",
                        "keep drop",
                        "backUp",
                        "drill",
                        "drop",
                        "end completed");
    }

    @Test
    void an_earlier_run_that_had_dropped_is_closed() {
        rig.target.resume("dropped");

        rig.start(Rig.input());

        assertThat(rig.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(rig.target.calls).containsExactly("admit", "end completed");
    }
}
