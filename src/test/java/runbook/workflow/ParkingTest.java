package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;

class ParkingTest {

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({
        "assess,assessment",
        "backUp,backup",
        "expand,schema",
        "copy 0.0,backfill",
        "finishBackfill,backfill",
        "validate,validation",
        "flip 0,cutover",
        "checkStage 0,cutover",
        "retire,cleanup",
        "drill,backup",
        "drop,cleanup",
    })
    void a_phase_that_fails_parks_and_is_tried_again(String activity, String phase) throws Exception {
        rig.target.fault(activity, "failed");
        rig.target.bake(java.time.Duration.ZERO);
        rig.start(Rig.input("gates", List.of("drop"), "soak", "PT0S", "hold", "PT0S"));
        boolean last = activity.equals("drill") || activity.equals("drop");
        if (last) {
            rig.approve("drop");
        }

        rig.reaches(phase, "parked");
        assertThat(rig.status().problems()).containsExactly("3 rows differ.");
        assertThat(rig.searchAttribute()).startsWith("parked: ");
        assertThat(rig.details()).contains("a person must decide", "3 rows differ.", "--name retry");
        assertThat(rig.update("retry", "requestedBy", "bob")).endsWith(" is tried again.");

        if (!last) {
            rig.approve("drop");
        }
        rig.outcome();
        assertThat(rig.target.count(activity)).isGreaterThanOrEqualTo(2);
        assertThat(rig.target.calls).contains("audit retry").endsWith("end completed");
    }

    @Test
    void what_could_not_be_verified_parks_as_well() throws Exception {
        rig.target.fault("validate", "not verified");
        rig.start(Rig.input("gates", List.of("drop"))).reaches("validation", "parked");

        assertThat(rig.status().checks()).singleElement().satisfies(check -> assertThat(check.verdict())
                .isEqualTo(Verdict.NOT_VERIFIED));
    }

    @Test
    void a_message_that_an_activity_throws_is_shown() throws Exception {
        rig.target.fault("expand", "individual_process_status: schema: lock not granted within 3 s.");
        rig.start(Rig.input("gates", List.of("drop"))).reaches("schema", "parked");

        assertThat(rig.status().problems())
                .containsExactly("individual_process_status: schema: lock not granted within 3 s.");
    }

    @Test
    void each_attempt_has_its_number_and_an_accepted_definition_is_passed_on_once() throws Exception {
        rig.target.fault("copy 0.0", "failed", "failed");
        rig.start(Rig.input("gates", List.of("drop"))).reaches("backfill", "parked");
        rig.update("retry", "requestedBy", "bob", "acceptDefinition", true);
        rig.reaches("backfill", "parked");
        rig.update("retry", "requestedBy", "bob");
        rig.reaches("cutover", "running");

        List<PhaseRequest> copies = rig.target.requests.stream()
                .filter(request -> request.phase().word().equals("backfill"))
                .toList();
        assertThat(copies).extracting(PhaseRequest::attempt).containsExactly(1, 2, 3, 3);
        assertThat(copies).extracting(PhaseRequest::acceptDefinition).containsExactly(false, true, false, false);
    }

    @ParameterizedTest
    @CsvSource({"copy 0.0,copy 0.1", "copy 0.1,copy 0.0"})
    void a_slot_that_fails_stops_the_others(String failing, String copying) throws Exception {
        rig.target.slots(2);
        rig.target.hold(copying);
        rig.target.fault(failing, "The error budget is used up.");

        rig.start(Rig.input("gates", List.of("drop"))).reaches("backfill", "parked");

        assertThat(rig.status().problems()).containsExactly("The error budget is used up.");
    }

    @Test
    void retry_without_a_failure_is_told() throws Exception {
        rig.target.hold("copy 0.0");
        rig.start(Rig.input("gates", List.of("drop"))).calls("copy 0.0");

        assertThat(rig.refusal("retry", "requestedBy", "bob"))
                .isEqualTo("Nothing to try again: the run is not parked.");
    }

    @Test
    void a_child_that_is_cancelled_by_hand_parks_the_run() throws Exception {
        rig.target.hold("copy 0.0");
        rig.start(Rig.input("gates", List.of("drop"))).calls("copy 0.0");
        var client = rig.temporal.getWorkflowClient();

        client.newUntypedWorkflowStub(Rig.ID + "/backfill").cancel();
        rig.reaches("backfill", "parked");
        assertThat(rig.status().problems())
                .containsExactly("It was cancelled by hand. Send 'retry' to take it up again.");
        rig.target.release("copy 0.0");
        rig.signal("retry", "requestedBy", "bob").reaches("cutover", "running");
    }

    @Test
    void a_dry_run_tells_what_a_repair_would_do() throws Exception {
        rig.target.fault("validate", "failed");
        rig.start(Rig.input("gates", List.of("drop"))).reaches("validation", "parked");

        assertThat(rig.update("repair", "check", "c", "repair", "dedupe", "requestedBy", "bob"))
                .isEqualTo("Dry run: would change 3 rows of 3 keys; truth: legacy wins."
                        + " Send it again with \"dryRun\": false to change them.");

        assertThat(rig.status().state()).isEqualTo("parked");
        assertThat(rig.report().repairs())
                .singleElement()
                .satisfies(repair -> assertThat(repair.report().dryRun()).isTrue());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rowless | Changed 0 rows of 3 keys; truth: legacy wins. That cures nothing: another repair is needed,"
                        + " or the rows are right again. The phase runs again.",
                "keyless | The check finds nothing to repair now; nothing was changed. The phase runs again.",
            })
    void a_repair_that_cured_nothing_says_so(String ending, String answer) throws Exception {
        rig.target.fault("validate", "failed");
        rig.target.fault("repair dedupe", ending);
        rig.start(Rig.input("gates", List.of("drop"))).reaches("validation", "parked");

        assertThat(rig.update("repair", "check", "c", "repair", "dedupe", "dryRun", false, "requestedBy", "bob"))
                .isEqualTo(answer);
    }

    @Test
    void after_a_repair_a_parked_validation_runs_again() throws Exception {
        rig.target.fault("validate", "failed");
        rig.start(Rig.input("gates", List.of("drop"))).reaches("validation", "parked");

        assertThat(rig.update("repair", "check", "c", "repair", "dedupe", "dryRun", false, "requestedBy", "bob"))
                .isEqualTo("Changed 3 rows of 3 keys; truth: legacy wins. The phase runs again.");

        rig.reaches("cutover", "running");
        assertThat(rig.target.count("validate")).isEqualTo(2);
    }

    @Test
    void after_a_repair_another_parked_phase_waits_for_retry() throws Exception {
        rig.target.fault("expand", "failed");
        rig.start(Rig.input("gates", List.of("drop"))).reaches("schema", "parked");

        assertThat(rig.update("repair", "check", "c", "repair", "dedupe", "dryRun", false, "requestedBy", "bob"))
                .endsWith("The run stays parked: send 'retry'.");

        rig.signal("retry", "requestedBy", "bob").reaches("cutover", "running");
    }

    @Test
    void a_repair_that_is_refused_or_fails_is_told() throws Exception {
        rig.target.fault("validate", "failed");
        rig.target.fault("repair dedupe dry", "refused", "The target does not answer.");
        rig.start(Rig.input("gates", List.of("drop"))).reaches("validation", "parked");

        assertThat(rig.refusal("repair", "check", "c", "repair", "dedupe", "requestedBy", "bob"))
                .isEqualTo("Unknown repair.");
        assertThat(rig.refusal("repair", "check", "c", "repair", "dedupe", "requestedBy", "bob"))
                .isEqualTo("It was not carried out. The target does not answer.");
        assertThat(rig.status().ignored()).hasSize(2);
    }

    @Test
    void switches_that_somebody_put_back_park_the_soak_and_a_retry_switches_again() throws Exception {
        rig.target.bake(java.time.Duration.ZERO);
        rig.target.fault("validate", "", "strayed", "strayed", "");
        rig.start(Rig.input("gates", List.of("cleanup", "drop"), "soak", "P4D", "revalidate", "P1D"));
        rig.reaches("soak", "running").sleep(java.time.Duration.ofHours(25)).reaches("soak", "parked");
        assertThat(rig.status().problems()).containsExactly("A flag was put back.");
        assertThat(rig.searchAttribute()).isEqualTo("parked: soak");

        rig.update("retry", "requestedBy", "bob");

        runbook.Eventually.holds(
                "it is proved again", java.time.Duration.ofSeconds(20), () -> rig.target.count("validate") == 4);
        assertThat(rig.target.count("flip 0")).isEqualTo(2);
        assertThat(rig.target.count("flip 1")).isEqualTo(2);
        rig.reaches("soak", "running");
        rig.sleep(java.time.Duration.ofDays(4)).gate("cleanup");
    }

    @Test
    void a_retry_at_the_cleanup_gate_switches_again_what_was_put_back() throws Exception {
        rig.target.bake(java.time.Duration.ZERO);
        rig.start(Rig.input("gates", List.of("cleanup", "drop"), "soak", "PT0S"))
                .gate("cleanup");
        rig.target.fault("validate", "strayed");

        rig.update("retry", "requestedBy", "bob");

        assertThat(rig.target.count("flip 1")).isEqualTo(2);
    }

    @Test
    void a_repair_in_the_soak_repeats_the_proof() throws Exception {
        rig.target.bake(java.time.Duration.ZERO);
        rig.start(Rig.input("gates", List.of("cleanup", "drop"))).reaches("soak", "running");

        assertThat(rig.update("repair", "check", "c", "repair", "dedupe", "dryRun", false, "requestedBy", "bob"))
                .endsWith("The checks ran again; look at the evidence.");

        assertThat(rig.target.count("validate")).isEqualTo(2);
    }

    @Test
    void a_repair_while_the_copy_runs_is_told_to_wait() throws Exception {
        rig.target.hold("copy 0.0");
        rig.start(Rig.input("gates", List.of("drop"))).calls("copy 0.0");

        assertThat(rig.refusal("repair", "check", "c", "repair", "dedupe", "requestedBy", "bob"))
                .startsWith("Not now: repairs are possible while");
    }
}
