package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowFailedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import runbook.OwnThread;
import runbook.message.Outcome;

class WayBackTest {

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "assess",
                "backUp",
                "expand",
                "openBackfill",
                "copy 0.0",
                "finishBackfill",
                "validate",
                "planStages",
                "flip 0",
                "checkStage 0",
                "flip 1",
                "checkStage 1"
            })
    void a_rollback_stops_a_phase_that_runs_and_brings_the_old_shape_back(String activity) throws Exception {
        rig.target.bake(Duration.ZERO);
        rig.target.hold(activity);
        rig.start(Rig.input("gates", List.of("drop"))).calls(activity);

        assertThat(rig.update("rollback", "requestedBy", "bob", "reason", "errors"))
                .isEqualTo("The run goes back: the old shape returns, then the run ends as rolled_back.");

        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(rig.target.calls)
                .containsSubsequence(
                        activity, "control abort", "audit rollback", "flipBack", "undo", "end rolled_back");
        assertThat(rig.target.audit).containsValue("abort by bob");
        assertThat(rig.details()).startsWith("### Rolled back: the old shape is back");
        assertThat(rig.searchAttribute()).isEqualTo("rolled_back");
        assertThat(rig.temporalStatus()).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"schema", "cutover", "cleanup"})
    void a_rollback_at_a_gate_brings_the_old_shape_back(String gate) throws Exception {
        rig.target.bake(Duration.ZERO);
        rig.start(Rig.input("gates", List.of(gate, "drop"), "soak", "PT0S")).gate(gate);

        rig.signal("rollback", "requestedBy", "bob");

        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(rig.target.calls).endsWith("flipBack", "undo", "end rolled_back");
    }

    @Test
    void a_rollback_in_the_soak_brings_the_old_shape_back() throws Exception {
        rig.target.bake(Duration.ZERO);
        rig.start(Rig.input("gates", List.of("drop"), "soak", "P14D")).reaches("soak", "running");
        rig.sleep(Duration.ofDays(3));

        rig.signal("rollback", "requestedBy", "bob");

        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(rig.details()).containsPattern("soak +stopped +3d 0h").doesNotContain("running");
    }

    @Test
    void a_rollback_of_a_parked_or_paused_run_brings_the_old_shape_back() throws Exception {
        rig.target.fault("validate", "failed");
        rig.start(Rig.input("gates", List.of("drop")));
        rig.reaches("validation", "parked")
                .signal("pause", "requestedBy", "bob")
                .signal("rollback", "requestedBy", "bob");

        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(rig.status().problems()).isEmpty();
    }

    @Test
    void an_abort_ends_as_aborted() throws Exception {
        rig.target.hold("copy 0.0");
        rig.start(Rig.input("gates", List.of("drop"))).calls("copy 0.0");

        rig.signal("abort", "requestedBy", "bob", "reason", "wrong day");

        assertThat(rig.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(rig.target.calls)
                .containsSubsequence("control abort", "audit abort", "flipBack", "undo", "end aborted");
        assertThat(rig.details()).startsWith("### Aborted: the old shape is back");
    }

    @ParameterizedTest
    @ValueSource(strings = {"assess", "copy 0.0", "checkStage 0"})
    void a_cancel_does_what_abort_does(String activity) throws Exception {
        rig.target.hold(activity);
        rig.start(Rig.input("gates", List.of("drop"))).calls(activity);

        rig.run().cancel();

        assertThatThrownBy(rig::outcome).isInstanceOf(WorkflowFailedException.class);
        assertThat(rig.target.calls)
                .containsSubsequence(activity, "control abort", "audit cancel", "flipBack", "undo", "end aborted");
        assertThat(rig.status().state()).isEqualTo("aborted");
        assertThat(rig.temporalStatus()).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED);
        assertThat(rig.target.audit).containsValue("abort by temporal workflow cancel");
    }

    @Test
    void a_cancel_at_a_gate_does_what_abort_does() throws Exception {
        rig.start(Rig.input()).gate("schema");

        rig.run().cancel();

        assertThatThrownBy(rig::outcome).isInstanceOf(WorkflowFailedException.class);
        assertThat(rig.target.calls).endsWith("flipBack", "undo", "end aborted");
    }

    @Test
    void a_way_back_that_fails_parks_and_is_tried_again() throws Exception {
        rig.start(Rig.input()).gate("schema");
        rig.target.fault("undo", "failed", "A view of yours depends on it.");
        rig.signal("rollback", "requestedBy", "bob").reaches("rollback", "parked");
        assertThat(rig.details()).contains("--name retry").doesNotContain("`abort`");
        assertThat(rig.searchAttribute()).isEqualTo("parked: rollback");

        for (String verb : List.of("abort", "rollback", "pause")) {
            assertThat(rig.refusal(verb, "requestedBy", "bob")).startsWith("Too late: The run goes back");
        }
        rig.update("retry", "requestedBy", "bob");
        rig.reaches("rollback", "parked");
        assertThat(rig.status().problems()).containsExactly("A view of yours depends on it.");
        rig.update("retry", "requestedBy", "bob");

        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    }

    @Test
    void a_cancelled_run_whose_way_back_fails_still_takes_retry() throws Exception {
        rig.start(Rig.input()).gate("schema");
        rig.target.fault("undo", "failed");
        rig.run().cancel();
        rig.reaches("rollback", "parked");

        assertThat(rig.update("retry", "requestedBy", "bob")).isEqualTo("Phase rollback is tried again.");

        assertThatThrownBy(rig::outcome).isInstanceOf(WorkflowFailedException.class);
        assertThat(rig.status().state()).isEqualTo("aborted");
    }

    @Test
    void a_run_that_cannot_be_closed_stays_open() throws Exception {
        rig.start(Rig.input()).gate("schema");
        rig.target.fault("end aborted", "The target does not answer.");
        rig.signal("abort", "requestedBy", "bob").reaches("rollback", "parked");
        assertThat(rig.status().problems()).containsExactly("The run could not be closed. The target does not answer.");

        rig.signal("retry", "requestedBy", "bob");

        assertThat(rig.outcome()).isEqualTo(Outcome.ABORTED);
    }

    @Test
    void a_way_back_does_not_wait_for_its_audit() throws Exception {
        rig.start(Rig.input()).gate("schema");
        rig.target.fault("audit rollback", "The target does not answer.");
        rig.target.hold("flipBack");

        rig.signal("rollback", "requestedBy", "bob").calls("flipBack");

        assertThat(rig.details()).contains("It could not be audited: The target does not answer.");
        rig.target.release("flipBack");
        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    }

    @Test
    void a_cancel_in_the_hold_leaves_the_objects_retired() throws Exception {
        rig.target.resume("retired");
        rig.start(Rig.input()).calls("retire").details("### Hold until ");

        rig.run().cancel();

        assertThatThrownBy(rig::outcome).isInstanceOf(WorkflowFailedException.class);
        assertThat(rig.target.calls).containsExactly("admit", "retire", "audit cancel", "end completed");
        assertThat(rig.status().state()).isEqualTo("completed");
    }

    @Test
    void a_repair_that_runs_or_waits_is_stopped_and_answered() throws Exception {
        rig.start(Rig.input()).gate("schema");
        rig.target.hold("repair dedupe dry");
        CompletableFuture<String> running = CompletableFuture.supplyAsync(
                () -> rig.refusal("repair", "check", "c", "repair", "dedupe", "requestedBy", "bob"), OwnThread.EACH);
        rig.calls("repair dedupe dry");
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(
                () -> rig.refusal("repair", "check", "c", "repair", "other", "requestedBy", "bob"), OwnThread.EACH);
        rig.past().accepted("repair", 2);

        rig.signal("abort", "requestedBy", "bob");

        assertThat(running.join()).startsWith("Stopped. The run goes back");
        assertThat(waiting.join()).startsWith("Too late: The run goes back");
        assertThat(rig.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(rig.target.calls).doesNotContain("repair other dry");
    }

    @Test
    void an_earlier_child_that_still_runs_is_stopped_first() throws Exception {
        rig.target.hold("assess");
        rig.orphan("Assessment", "assessment");
        rig.calls("assess");

        rig.start(Rig.input());
        rig.past().shows("waits for the earlier assessment to stop");
        rig.target.release("assess");

        rig.gate("schema");
    }

    @Test
    void a_terminated_parent_stops_its_child() throws Exception {
        rig.target.hold("copy 0.0");
        rig.start(Rig.input("gates", List.of("drop"))).calls("copy 0.0");

        rig.run().terminate("by hand");
        rig.target.resume("nothing");
        rig.start(Rig.input("gates", List.of("drop")));

        rig.target.releaseAll();
        rig.reaches("cutover", "running");
    }
}
