package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PausingTest {

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void a_pause_reaches_the_batches_and_the_next_phase_waits() throws Exception {
        rig.target.hold("copy 0.0");
        rig.start(Rig.input("gates", List.of("drop"))).calls("copy 0.0");

        assertThat(rig.update("pause", "requestedBy", "bob", "reason", "peak hours"))
                .isEqualTo("Paused. Batches stop where they are; nothing is lost.");
        assertThat(rig.status().state()).isEqualTo("paused");
        assertThat(rig.searchAttribute()).isEqualTo("paused");
        assertThat(rig.target.audit).containsValue("pause by bob");
        rig.target.release("copy 0.0");
        rig.calls("finishBackfill").reaches("validation", "paused");
        assertThat(rig.target.calls).doesNotContain("validate");
        assertThat(rig.details())
                .startsWith("### Paused: validation")
                .contains("--name resume", "Paused by bob: peak hours");

        assertThat(rig.update("resume", "requestedBy", "bob")).isEqualTo("The run goes on.");
        rig.calls("validate");
        assertThat(rig.target.calls).containsSubsequence("control pause", "control run", "validate");
    }

    @Test
    void pausing_twice_is_told() throws Exception {
        rig.start(Rig.input()).gate("schema");
        rig.signal("pause", "requestedBy", "bob").reaches("schema", "paused");

        assertThat(rig.refusal("pause", "requestedBy", "bob")).isEqualTo("The run is paused already.");
    }

    @Test
    void a_gate_can_be_passed_while_paused_but_its_phase_waits() throws Exception {
        rig.start(Rig.input()).gate("schema");
        rig.signal("pause", "requestedBy", "bob").reaches("schema", "paused");

        rig.approve("schema").calls("attest schema");

        rig.reaches("schema", "paused");
        assertThat(rig.target.calls).doesNotContain("expand");
        rig.signal("resume", "requestedBy", "bob").gate("cutover");
    }

    @Test
    void a_stage_of_the_cutover_waits_too() throws Exception {
        rig.start(Rig.input("gates", List.of("drop"))).calls("checkStage 0");
        rig.update("pause", "requestedBy", "bob");

        rig.sleep(Duration.ofHours(1));
        assertThat(rig.target.calls).doesNotContain("flip 1");

        rig.update("resume", "requestedBy", "bob");
        rig.calls("flip 1");
    }

    @Test
    void a_pause_that_cannot_be_written_is_not_pretended() throws Exception {
        rig.start(Rig.input()).gate("schema");
        rig.target.fault("control pause", "The target does not answer.");

        assertThat(rig.refusal("pause", "requestedBy", "bob"))
                .isEqualTo("It was not carried out. The target does not answer. Send it again.");
        assertThat(rig.status().state()).isEqualTo("waiting");
    }

    @Test
    void no_proof_is_repeated_while_paused() throws Exception {
        rig.target.bake(Duration.ZERO);
        rig.start(Rig.input("gates", List.of("cleanup", "drop"), "soak", "P4D", "revalidate", "P1D"));
        rig.reaches("soak", "running");
        rig.signal("pause", "requestedBy", "bob").reaches("soak", "paused");

        rig.sleep(Duration.ofDays(2));
        assertThat(rig.target.count("validate")).isEqualTo(1);

        rig.signal("resume", "requestedBy", "bob").reaches("soak", "running");
    }
}
