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

/** A stage that is back, or may be, is never taken for one that is passed; what people were promised is kept. */
class StagesBackTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String CUTOVER_ENDS = "hook board: phase_ended cutover";

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private Rig start(Duration bake, String revalidate) {
        rig.target.bake(bake);
        return rig.start(Rig.input("gates", List.of("drop"), "revalidate", revalidate, "soak", "P40D"));
    }

    private List<String> states() {
        return rig.status().stages().stream().map(StatusStage::state).toList();
    }

    private void counts(String call, int times) throws Exception {
        Eventually.holds(call + " " + times + " times", PATIENCE, () -> rig.target.count(call) == times);
    }

    private void allPassed() throws Exception {
        Eventually.holds("all passed", PATIENCE, () -> states().equals(List.of("passed", "passed")));
    }

    private void baking() throws Exception {
        Eventually.holds("it bakes", PATIENCE, () -> states().contains("baking"));
    }

    @Test
    void a_stage_that_a_retry_in_the_soak_finds_bad_is_switched_again_before_the_soak_goes_on() throws Exception {
        start(Duration.ZERO, "P1D").reaches("soak", "running");
        rig.target.fault("validate", "strayed", "strayed");
        rig.sleep(Duration.ofHours(25)).reaches("soak", "parked");
        rig.target.fault("checkStage 0", "failed");
        rig.update("retry", "requestedBy", "bob");
        counts("stepBack 0", 1);
        rig.reaches("soak", "parked");
        assertThat(states()).containsExactly("back", "back");

        rig.update("retry", "requestedBy", "bob");

        counts("flip 0", 3);
        allPassed();
        rig.reaches("soak", "running");
    }

    @Test
    void a_stage_that_was_switched_back_while_a_hook_held_the_run_is_switched_again_before_the_soak() throws Exception {
        rig.target.hook("board", true, 1);
        rig.target.fault(CUTOVER_ENDS, "exit code 3.");
        start(Duration.ZERO, "P1D").reaches("cutover", "parked");
        rig.update("rollback", "stage", "writers", "requestedBy", "bob");
        assertThat(states()).containsExactly("passed", "back");

        rig.update("retry", "requestedBy", "bob");

        rig.reaches("soak", "running");
        assertThat(states()).containsExactly("passed", "passed");
        assertThat(rig.target.count("flip 1")).isEqualTo(2);
    }

    @Test
    void a_stage_is_not_switched_back_while_hooks_are_asked_after_the_last() throws Exception {
        rig.target.hook("board", true, 1);
        rig.target.hold(CUTOVER_ENDS);
        start(Duration.ZERO, "P1D");
        allPassed();

        assertThat(rig.refusal("rollback", "stage", "writers", "requestedBy", "bob"))
                .isEqualTo("Not now: the cutover is not at its stages; send it again when it is."
                        + " Without 'stage' the whole run goes back.");
    }

    @Test
    void a_second_stage_back_does_not_replace_the_first() throws Exception {
        rig.target.hold("checkStage 0");
        start(Duration.ZERO, "P1D").calls("checkStage 0");
        CompletableFuture<String> first = CompletableFuture.supplyAsync(
                () -> rig.update("rollback", "stage", "readers", "requestedBy", "bob"), OwnThread.EACH);
        Eventually.holds("it is taken", PATIENCE, () -> rig.target.calls.contains("audit rollback of a stage"));

        assertThat(rig.refusal("rollback", "stage", "readers", "requestedBy", "eve"))
                .isEqualTo("The stage 'readers' is being switched back already, for bob; send it again when that is"
                        + " done.");

        rig.target.release("checkStage 0");
        assertThat(first.get()).startsWith("Switched back: the stage 'readers'");
    }

    @Test
    void a_hold_that_comes_while_a_stage_is_looked_at_keeps_it_from_passing() throws Exception {
        rig.target.hold("checkStage 1");
        start(Duration.ZERO, "P1D").calls("checkStage 1");
        assertThat(rig.update("hold", "stage", "writers", "requestedBy", "bob")).startsWith("Held: the bake of");
        rig.target.release("checkStage 1");
        rig.reaches("cutover", "held");
        rig.sleep(Duration.ofHours(1));
        assertThat(states()).containsExactly("passed", "switching");

        rig.update("advance", "stage", "writers", "requestedBy", "bob");

        rig.reaches("soak", "running");
        assertThat(rig.target.count("checkStage 1")).isEqualTo(2);
        assertThat(rig.status().waits()).isEmpty();
    }

    @Test
    void a_stage_that_is_held_in_the_soak_can_be_advanced_there() throws Exception {
        start(Duration.ZERO, "P1D").reaches("soak", "running");
        rig.target.fault("validate", "strayed", "strayed");
        rig.sleep(Duration.ofHours(25)).reaches("soak", "parked");
        rig.target.fault("checkStage 0", "not verified");
        rig.update("retry", "requestedBy", "bob");
        rig.reaches("soak", "held");
        assertThat(rig.details()).contains("'advance' has the stage looked at again");

        assertThat(rig.update("advance", "stage", "readers", "requestedBy", "bob"))
                .isEqualTo("No longer held: the stage 'readers' is looked at again.");

        allPassed();
        rig.reaches("soak", "running");
    }

    @Test
    void a_stage_that_could_not_be_switched_back_is_held_and_switched_back_later() throws Exception {
        start(Duration.ofHours(1), "P1D");
        baking();
        rig.target.fault("stepBack 0", "The view is locked.");
        assertThat(rig.refusal("rollback", "stage", "readers", "requestedBy", "bob"))
                .startsWith("It was not carried out. The view is locked.");
        rig.sleep(Duration.ofHours(3)).reaches("cutover", "held");
        assertThat(states()).containsExactly("switching", "-");
        assertThat(rig.status().stages().get(0).reason()).startsWith("It could not be switched back, and may be on.");

        assertThat(rig.update("rollback", "stage", "readers", "requestedBy", "bob"))
                .startsWith("Switched back: the stage 'readers'");
        assertThat(states()).containsExactly("back", "-");
    }

    @Test
    void a_bad_stage_that_could_not_be_switched_back_parks_with_both_reasons() throws Exception {
        rig.target.fault("checkStage 0", "failed");
        rig.target.fault("stepBack 0", "The view is locked.");
        start(Duration.ZERO, "P1D").reaches("cutover", "parked");

        assertThat(rig.status().problems())
                .hasSize(2)
                .contains("3 rows differ.")
                .last()
                .asString()
                .startsWith("Stage 'readers' could not be switched back, and may be on. The view is locked.");
    }

    @Test
    void a_stage_that_is_bad_and_was_put_back_by_somebody_is_switched_back() throws Exception {
        rig.target.fault("checkStage 0", "both");

        start(Duration.ZERO, "P1D").reaches("cutover", "parked");

        assertThat(rig.target.calls).contains("stepBack 0");
        assertThat(states()).containsExactly("back", "-");
    }

    @Test
    void a_proof_is_renewed_before_the_guard_of_the_switch_finds_it_old() throws Exception {
        start(Duration.ofDays(2), "P30D");
        baking();
        rig.sleep(Duration.ofDays(3)).reaches("soak", "running");

        assertThat(rig.target.calls).containsSubsequence("flip 0", "checkStage 0", "validate", "flip 1");
    }

    @Test
    void the_clock_of_a_hold_begins_when_the_run_stands_there() throws Exception {
        rig.target.bake(Duration.ofDays(2));
        var wait = Rig.body("at", "held", "deadline", "PT5H", "onDeadline", "rollback");
        rig.start(Rig.input("gates", List.of("drop"), "revalidate", "P1D", "waits", List.of(wait)));
        baking();

        rig.update("hold", "stage", "writers", "requestedBy", "bob");
        rig.sleep(Duration.ofDays(1));

        assertThat(rig.status().waits()).isEmpty();
        assertThat(rig.status().state()).isEqualTo("running");
        rig.sleep(Duration.ofHours(25)).reaches("cutover", "held");
        assertThat(rig.status().waits()).hasSize(1);
    }

    @Test
    void a_run_whose_stage_bakes_goes_back_as_a_whole() throws Exception {
        start(Duration.ofHours(1), "P1D");
        baking();

        goesBack();
    }

    @Test
    void a_run_whose_stage_is_held_or_back_goes_back_as_a_whole() throws Exception {
        start(Duration.ofHours(1), "P1D");
        baking();
        rig.update("rollback", "stage", "readers", "requestedBy", "bob");
        rig.reaches("cutover", "held");

        goesBack();
        assertThat(rig.status().waits()).isEmpty();
    }

    @Test
    void a_run_whose_stage_is_being_switched_back_goes_back_as_a_whole() throws Exception {
        rig.target.fault("checkStage 0", "failed");
        rig.target.hold("stepBack 0");
        start(Duration.ZERO, "P1D").calls("stepBack 0");

        goesBack();
    }

    private void goesBack() {
        rig.signal("rollback", "requestedBy", "eve");

        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(rig.target.calls).endsWith("flipBack", "undo", "end rolled_back");
    }
}
