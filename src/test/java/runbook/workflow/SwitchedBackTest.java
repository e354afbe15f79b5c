package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import runbook.Eventually;

/** Flags and views that somebody has put back: a {@code retry} proves, switches again and proves, wherever the run is. */
class SwitchedBackTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Rig rig = new Rig();

    @BeforeEach
    void bakeNothing() {
        rig.target.bake(Duration.ZERO);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void in_the_soak_the_run_stays_parked_until_a_proof_passes() throws Exception {
        rig.target.fault("validate", "", "strayed", "strayed");
        rig.target.fault("flip 0", "", "failed");
        rig.start(Rig.input("gates", List.of("cleanup", "drop"), "soak", "P4D", "revalidate", "P1D"));
        rig.reaches("soak", "running").sleep(Duration.ofHours(25)).reaches("soak", "parked");

        rig.update("retry", "requestedBy", "bob");
        Eventually.holds("parked by what the cutover found", PATIENCE, () -> rig.status()
                .problems()
                .equals(List.of("3 rows differ.")));
        rig.update("retry", "requestedBy", "bob");

        Eventually.holds("proved for the fourth time", PATIENCE, () -> rig.target.count("validate") >= 4);
        rig.reaches("soak", "running");
    }

    @Test
    void in_the_cutover_the_stages_are_switched_again() throws Exception {
        rig.target.fault("checkStage 1", "strayed");
        rig.target.fault("validate", "", "strayed");
        rig.start(Rig.input("gates", List.of("drop"))).reaches("cutover", "parked");

        rig.update("retry", "requestedBy", "bob");

        rig.reaches("soak", "running");
        assertThat(rig.target.count("flip 1")).isEqualTo(2);
    }

    @Test
    void before_the_clean_up_the_stages_are_switched_again_and_it_goes_on() throws Exception {
        rig.target.fault("retire", "strayed");
        rig.target.fault("validate", "", "strayed");
        rig.start(Rig.input("gates", List.of("drop"), "soak", "PT0S")).reaches("cleanup", "parked");
        assertThat(rig.status().problems()).containsExactly("A flag was put back.");

        rig.update("retry", "requestedBy", "bob");

        rig.details("### Hold until ");
        assertThat(rig.target.calls)
                .containsSubsequence("retire", "validate", "flip 0", "flip 1", "validate", "retire");
    }
}
