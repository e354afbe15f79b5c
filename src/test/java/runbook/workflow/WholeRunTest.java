package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import runbook.Eventually;
import runbook.message.Outcome;
import runbook.message.Status;
import runbook.message.StatusGate;

class WholeRunTest {

    private static final List<String> ORDER = List.of(
            "admit",
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
            "checkStage 0",
            "flip 1",
            "checkStage 1",
            "validate",
            "retire",
            "backUp",
            "drill",
            "drop",
            "end completed");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void runs_through_every_phase_and_asks_at_every_gate(boolean forgetful) throws Exception {
        try (Rig rig = new Rig(forgetful)) {
            rig.start(Rig.input());
            rig.approve("schema").approve("cutover");
            rig.reaches("cutover", "running").sleep(Duration.ofMinutes(11)).reaches("soak", "running");
            rig.sleep(Duration.ofHours(1)).approve("cleanup").reaches("cleanup", "running");
            rig.sleep(Duration.ofHours(3)).approve("drop");

            assertThat(rig.outcome()).isEqualTo(Outcome.COMPLETED);

            assertThat(rig.target.calls)
                    .filteredOn(call -> !call.matches("(evidence|attest|keep|progress).*"))
                    .isEqualTo(ORDER);
            assertThat(rig.temporalStatus()).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED);
            assertThat(rig.details()).startsWith("### Completed: the old objects are dropped");
            assertThat(rig.searchAttribute()).isEqualTo("completed");
            assertThat(rig.report().approvals())
                    .extracting(approval -> approval.gate() + " " + approval.approver() + " " + approval.identity())
                    .containsExactly(
                            "schema alice alice", "cutover alice alice", "cleanup alice alice", "drop alice alice");
        }
    }

    @Test
    void tells_what_a_gate_waits_for() throws Exception {
        try (Rig rig = new Rig()) {
            rig.start(Rig.input());

            StatusGate gate = rig.gate("schema");

            assertThat(gate.needs()).isEqualTo(1);
            assertThat(gate.evidence()).hasSize(64);
            assertThat(gate.command())
                    .isEqualTo("temporal workflow update execute -w individual_process_status --name approve --input '"
                            + "{\"gate\":\"schema\",\"evidence\":\""
                            + gate.evidence().substring(0, 8)
                            + "\",\"approver\":\"YOU\",\"comment\":\"WHY\"}'");
            assertThat(rig.status().state()).isEqualTo("waiting");
            assertThat(rig.status().phase()).isEqualTo("schema");
            assertThat(rig.searchAttribute()).isEqualTo("waiting: schema");
            assertThat(rig.details())
                    .contains(
                            "### Waiting for approval: schema",
                            "Evidence `" + gate.evidence().substring(0, 8) + "`");
        }
    }

    @Test
    void tells_the_target_where_it_stands_and_does_not_wait_until_it_listens() throws Exception {
        try (Rig rig = new Rig()) {
            rig.target.fault("stand", "again in P20D");
            rig.target.fault("validate", "failed");
            rig.start(Rig.input("searchAttributes", false)).approve("schema").reaches("validation", "parked");

            Eventually.holds(
                    "the target knows", Duration.ofSeconds(10), () -> rig.target.stood.contains("parked: validation"));
            assertThat(rig.target.stood)
                    .contains("waiting: schema", "validation")
                    .doesNotContain("completed");
        }
    }

    @Test
    void shows_how_far_the_copy_is() throws Exception {
        try (Rig rig = new Rig()) {
            rig.target.fault("copy 0.0", "again in PT1H");
            rig.start(Rig.input("gates", List.of("drop"))).calls("copy 0.0");

            rig.sleep(Duration.ofSeconds(20)).calls("progress");

            Status status = rig.reaches("backfill", "running").status();
            assertThat(status.backfill().copied()).isEqualTo(900);
            assertThat(rig.details()).contains("### Backfill: 61 %, 4 to 6 min left", "900 copied, 90 skipped");
            assertThat(rig.searchAttribute()).isEqualTo("backfill");
        }
    }

    @Test
    void looks_at_a_long_copy_sixty_times_at_most() throws Exception {
        try (Rig rig = new Rig()) {
            rig.target.fault("copy 0.0", "again in P20D");
            rig.start(Rig.input("gates", List.of("drop"))).calls("copy 0.0");

            rig.sleep(Duration.ofDays(21)).gate("drop");

            assertThat(rig.target.count("progress")).isEqualTo(60);
        }
    }

    @Test
    void repeats_the_proof_through_a_soak_of_two_weeks() throws Exception {
        try (Rig rig = new Rig()) {
            rig.target.bake(Duration.ZERO);
            rig.start(Rig.input("gates", List.of("cleanup", "drop"), "soak", "P14D", "revalidate", "P1D"));
            rig.reaches("soak", "running");
            assertThat(rig.details()).startsWith("### Soak until ");

            rig.sleep(Duration.ofDays(7));
            assertThat(rig.status().state()).isEqualTo("running");
            rig.sleep(Duration.ofDays(8)).gate("cleanup");

            assertThat(rig.target.count("validate")).isBetween(14L, 15L);
            assertThat(rig.searchAttribute()).isEqualTo("waiting: cleanup");
        }
    }

    @Test
    void shows_a_proof_that_fails_in_the_soak_and_goes_on_soaking() throws Exception {
        try (Rig rig = new Rig()) {
            rig.target.bake(Duration.ZERO);
            rig.start(Rig.input("gates", List.of("cleanup", "drop"), "soak", "P2D", "revalidate", "P1D"));
            rig.reaches("soak", "running");
            rig.target.fault("validate", "failed");

            rig.sleep(Duration.ofHours(25));

            assertThat(rig.status().state()).isEqualTo("running");
            assertThat(rig.status().problems()).containsExactly("3 rows differ.");
            assertThat(rig.details()).contains("Newest validation: failed");
        }
    }

    @Test
    void ends_with_the_objects_retired_when_nothing_is_to_be_dropped() throws Exception {
        try (Rig rig = new Rig()) {
            rig.start(Rig.input("gates", List.of("drop"), "drop", false));

            assertThat(rig.outcome()).isEqualTo(Outcome.COMPLETED);

            assertThat(rig.target.calls).contains("retire").doesNotContain("drop");
            assertThat(rig.details()).startsWith("### Completed: the old objects are retired");
        }
    }

    @Test
    void stops_where_nobody_is_asked_when_something_speaks_against_going_on() throws Exception {
        try (Rig rig = new Rig()) {
            rig.target.block("A check failed. Send 'repair'.");
            rig.start(Rig.input("gates", List.of("drop")));
            rig.reaches("schema", "parked");
            assertThat(rig.status().problems()).containsExactly("A check failed. Send 'repair'.");

            rig.target.block();
            rig.signal("retry", "requestedBy", "bob");

            rig.reaches("cutover", "running");
        }
    }

    @Test
    void sets_no_search_attribute_where_nobody_may_register_it() throws Exception {
        try (Rig rig = new Rig()) {
            rig.start(Rig.input("searchAttributes", false)).gate("schema");

            assertThat(rig.searchAttribute()).isNull();
        }
    }

    @Test
    void asks_at_gates_that_the_input_adds() throws Exception {
        try (Rig rig = new Rig()) {
            rig.start(Rig.input("gates", List.of("backup", "backfill", "validation", "drop")));

            rig.approve("backup").approve("backfill").approve("validation").reaches("cutover", "running");
        }
    }

    @Test
    void copies_in_several_slots_at_once() throws Exception {
        try (Rig rig = new Rig()) {
            rig.target.slots(3);
            rig.start(Rig.input("gates", List.of("drop"))).reaches("cutover", "running");

            assertThat(rig.target.calls).contains("copy 0.0", "copy 0.1", "copy 0.2");
        }
    }
}
