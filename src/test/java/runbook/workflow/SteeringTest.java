package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.OwnThread;
import runbook.message.Outcome;
import runbook.message.StatusStage;

/** The stages of the cutover: what people steer, what numbers decide, and what a stage back leaves. */
class SteeringTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private void baking() throws Exception {
        rig.start(Rig.input("gates", List.of("drop"), "revalidate", "P1D", "soak", "P4D"));
        stands("readers", "baking");
    }

    private void stands(String stage, String state) throws Exception {
        Eventually.holds(stage + " " + state, PATIENCE, () -> rig.status().stages().stream()
                .anyMatch(line -> line.name().equals(stage) && line.state().equals(state)));
    }

    private List<String> states() {
        return rig.status().stages().stream().map(StatusStage::state).toList();
    }

    @Test
    void a_hold_stops_before_a_stage_until_it_is_advanced() throws Exception {
        baking();

        assertThat(rig.update("hold", "stage", "writers", "requestedBy", "bob", "reason", "release night"))
                .isEqualTo("Held: the run stops before the stage 'writers'.");
        rig.sleep(Duration.ofHours(1)).reaches("cutover", "held");
        assertThat(rig.target.calls).doesNotContain("flip 1");
        assertThat(rig.searchAttribute()).isEqualTo("held: cutover");
        assertThat(rig.details())
                .startsWith("### Held: cutover, stage writers")
                .contains("readers: passed", "held by bob: release night", "--name advance", "\"stage\":\"writers\"");
        assertThat(rig.target.audit).containsValue("hold of a stage writers by bob");

        assertThat(rig.update("advance", "stage", "writers", "requestedBy", "bob"))
                .isEqualTo("No longer held: the stage 'writers' goes on.");
        rig.calls("flip 1").reaches("soak", "running");
    }

    @Test
    void a_hold_keeps_a_bake_from_ending_and_an_advance_ends_it() throws Exception {
        baking();
        assertThat(rig.update("hold", "stage", "readers", "requestedBy", "bob"))
                .isEqualTo("Held: the bake of 'readers' does not end before it is advanced.");

        rig.sleep(Duration.ofHours(1));
        assertThat(rig.target.count("checkStage 0")).isEqualTo(1);

        rig.update("advance", "stage", "readers", "requestedBy", "bob");
        rig.calls("flip 1");
        assertThat(rig.target.count("checkStage 0")).isEqualTo(2);
    }

    @Test
    void an_advance_ends_a_bake_early_and_its_checks_decide() throws Exception {
        rig.target.bake(Duration.ofDays(2));
        rig.target.fault("checkStage 0", "", "failed");
        baking();
        assertThat(rig.details()).contains("readers: baking until ", "--name advance");

        assertThat(rig.update("advance", "stage", "readers", "requestedBy", "bob"))
                .isEqualTo("The bake of 'readers' ends now; what its checks find decides.");

        rig.reaches("cutover", "parked");
        assertThat(rig.target.calls).containsSubsequence("checkStage 0", "checkStage 0", "stepBack 0");
        assertThat(states()).containsExactly("back", "-");
        assertThat(rig.details()).contains("Stage 'readers' was switched back");
        rig.target.bake(Duration.ZERO);
        rig.update("retry", "requestedBy", "bob");
        rig.reaches("soak", "running");
        assertThat(rig.target.count("flip 0")).isEqualTo(2);
    }

    @Test
    void what_cannot_be_steered_is_told_in_one_sentence() throws Exception {
        rig.start(Rig.input()).gate("schema");
        assertThat(rig.refusal("hold", "stage", "readers", "requestedBy", "bob"))
                .isEqualTo("Not now: stages are advanced and held in the cutover, and the run is at schema.");
        assertThat(rig.refusal("rollback", "stage", "readers", "requestedBy", "bob"))
                .endsWith("the run is at schema. Without 'stage' the whole run goes back.");
        assertThat(rig.refusal("rollback", "stage", " ", "requestedBy", "bob")).isEqualTo("'stage' is blank");
        assertThat(rig.refusal("advance", "requestedBy", "bob")).isEqualTo("'stage' is missing");
        rig.approve("schema").gate("cutover");
        rig.approve("cutover");
        stands("readers", "baking");

        assertThat(rig.refusal("hold", "stage", "raeders", "requestedBy", "bob"))
                .isEqualTo("Unknown stage 'raeders'; stages of this run: readers, writers.");
        assertThat(rig.refusal("advance", "stage", "writers", "requestedBy", "bob"))
                .isEqualTo("Nothing to advance: the stage 'writers' is neither held nor baking.");
        assertThat(rig.refusal("rollback", "stage", "writers", "requestedBy", "bob"))
                .isEqualTo("Nothing to switch back: the stage 'writers' is not switched.");
        rig.update("hold", "stage", "readers", "requestedBy", "bob");
        assertThat(rig.refusal("hold", "stage", "readers", "requestedBy", "eve"))
                .isEqualTo("The stage 'readers' is held already, by bob.");
    }

    @Test
    void a_stage_is_switched_back_without_ending_the_run() throws Exception {
        baking();
        rig.update("hold", "stage", "writers", "requestedBy", "bob");
        rig.sleep(Duration.ofHours(1)).reaches("cutover", "held");

        assertThat(rig.update("rollback", "stage", "readers", "requestedBy", "bob", "reason", "slow pages"))
                .isEqualTo("Switched back: the stage 'readers' and all after it. Writes made since are kept."
                        + " 'advance' switches it again.");

        stands("readers", "back");
        assertThat(rig.status().state()).isEqualTo("held");
        assertThat(rig.target.calls).contains("stepBack 0").doesNotContain("flipBack", "flip 1");
        rig.update("advance", "stage", "readers", "requestedBy", "bob");
        stands("readers", "baking");
        rig.sleep(Duration.ofHours(1)).reaches("cutover", "held");
        rig.update("advance", "stage", "writers", "requestedBy", "bob");
        rig.reaches("soak", "running");
        assertThat(rig.target.count("flip 0")).isEqualTo(2);
    }

    @Test
    void a_stage_back_waits_for_what_runs_and_a_whole_way_back_answers_it() throws Exception {
        rig.target.hold("checkStage 0");
        rig.start(Rig.input("gates", List.of("drop"))).calls("checkStage 0");
        CompletableFuture<String> refusal = CompletableFuture.supplyAsync(
                () -> rig.refusal("rollback", "stage", "readers", "requestedBy", "bob"), OwnThread.EACH);
        Eventually.holds("it is taken", PATIENCE, () -> rig.target.calls.contains("audit rollback of a stage"));

        rig.update("rollback", "requestedBy", "eve");

        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(refusal.get()).startsWith("Stopped. The run goes back");
    }

    @Test
    void a_parked_run_switches_a_passed_stage_back_and_stays_parked() throws Exception {
        rig.target.bake(Duration.ZERO);
        rig.target.fault("flip 1", "failed");
        rig.start(Rig.input("gates", List.of("drop"))).reaches("cutover", "parked");
        assertThat(states()).containsExactly("passed", "-");

        assertThat(rig.update("rollback", "stage", "readers", "requestedBy", "bob"))
                .endsWith("'retry' switches again.");
        assertThat(rig.status().state()).isEqualTo("parked");

        rig.update("retry", "requestedBy", "bob");
        rig.reaches("soak", "running");
        assertThat(rig.target.count("flip 0")).isEqualTo(2);
    }

    @Test
    void bad_numbers_switch_the_stage_back_and_park() throws Exception {
        rig.target.readings(5);
        rig.target.fault("readStage 0", "", "", "failed");
        baking();
        rig.sleep(Duration.ofMinutes(4)).reaches("cutover", "parked");

        assertThat(rig.target.count("readStage 0")).isEqualTo(3);
        assertThat(rig.target.calls).contains("stepBack 0").doesNotContain("flip 1");
        assertThat(rig.status().problems()).containsExactly("3 rows differ.");
    }

    @Test
    void numbers_that_nobody_can_judge_wait_for_a_person() throws Exception {
        rig.target.readings(5);
        rig.target.fault("readStage 0", "not verified");
        baking();
        rig.sleep(Duration.ofHours(1)).reaches("cutover", "held");
        assertThat(rig.details()).contains("runbook: ");
        assertThat(rig.target.calls).doesNotContain("flip 1", "stepBack 0");

        rig.update("advance", "stage", "readers", "requestedBy", "bob");

        rig.calls("flip 1");
    }

    @Test
    void a_proof_that_became_old_in_a_bake_is_renewed_before_the_next_stage() throws Exception {
        rig.target.bake(Duration.ofDays(2));
        baking();
        rig.sleep(Duration.ofDays(3)).reaches("soak", "running");

        assertThat(rig.target.calls).containsSubsequence("validate", "flip 0", "checkStage 0", "validate", "flip 1");
    }

    @Test
    void a_hold_has_reminders_and_a_deadline() throws Exception {
        rig.start(Rig.input(
                "gates",
                List.of("drop"),
                "waits",
                List.of(Rig.body("at", "held", "remind", "PT1H", "deadline", "PT5H", "onDeadline", "rollback"))));
        stands("readers", "baking");
        rig.update("hold", "stage", "readers", "requestedBy", "bob");
        rig.sleep(Duration.ofHours(3));
        assertThat(rig.status().waits()).singleElement().satisfies(wait -> {
            assertThat(wait.at()).isEqualTo("held");
            assertThat(wait.reminders()).isPositive();
        });

        rig.sleep(Duration.ofHours(3));

        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    }
}
