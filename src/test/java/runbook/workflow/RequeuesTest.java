package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequeuesTest {

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void at_a_gate_the_rows_are_tried_and_the_proof_is_repeated() throws Exception {
        rig.start(Rig.input("gates", List.of("cutover", "drop"))).gate("cutover");

        assertThat(rig.update("requeue", "requestedBy", "bob"))
                .isEqualTo("3 rows were tried again, 1 is in quarantine. The checks ran again; look at the evidence.");

        assertThat(rig.target.calls).containsSubsequence("validate", "requeue", "validate");
    }

    @Test
    void a_parked_backfill_goes_on_and_tries_them_itself() throws Exception {
        rig.target.fault("copy 0.0", "failed");
        rig.start(Rig.input("gates", List.of("drop"))).reaches("backfill", "parked");

        assertThat(rig.update("requeue", "requestedBy", "bob"))
                .isEqualTo("The backfill goes on, and tries every row in quarantine again.");

        rig.calls("finishBackfill");
        assertThat(rig.target.audit).containsValue("requeue backfill by bob");
        assertThat(rig.target.calls).doesNotContain("requeue");
    }

    @Test
    void before_the_backfill_and_in_the_midst_of_work_it_is_refused() throws Exception {
        rig.start(Rig.input()).gate("schema");
        assertThat(rig.refusal("requeue", "requestedBy", "bob"))
                .isEqualTo("Not now: nothing was copied yet, so nothing was refused.");
        rig.target.hold("validate");
        rig.approve("schema").calls("validate");

        assertThat(rig.refusal("requeue", "requestedBy", "bob"))
                .isEqualTo("Not now: rows are tried again while the run is parked, at a gate, or in the soak.");
    }

    @Test
    void one_that_fails_is_told() throws Exception {
        rig.start(Rig.input("gates", List.of("cutover", "drop"))).gate("cutover");
        rig.target.fault("requeue", "The definition has changed.");

        assertThat(rig.refusal("requeue", "requestedBy", "bob"))
                .isEqualTo("It was not carried out. The definition has changed.");
    }
}
