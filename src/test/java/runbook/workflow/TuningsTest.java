package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import runbook.message.Limits;
import runbook.message.StatusTuning;

class TuningsTest {

    private static final String BATCH =
            " In force after the batches that run now; another tune replaces it as a whole.";

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private void inTheBackfill() throws Exception {
        rig.target.hold("copy 0.0");
        rig.start(Rig.input("gates", List.of("drop"))).calls("copy 0.0");
    }

    @Test
    void a_tuning_reaches_the_batches_and_is_shown() throws Exception {
        inTheBackfill();

        assertThat(rig.update(
                        "tune",
                        "batchMillis",
                        50,
                        "ratio",
                        2,
                        "limits",
                        Map.of("lockWaiters", 2, "archiveQueue", "off"),
                        "requestedBy",
                        "bob",
                        "reason",
                        "peak"))
                .isEqualTo(
                        "Batches run so: batches of 50 ms, a rest of 2.0 times each batch, archiveQueue off, lockWaiters 2.0."
                                + BATCH);

        assertThat(rig.status().tuning())
                .isEqualTo(new StatusTuning(
                        50,
                        0,
                        2,
                        new Limits(Map.of("lockWaiters", 2.0), List.of("archiveQueue")),
                        null,
                        "bob",
                        "peak"));
        assertThat(rig.details())
                .contains("Tuned by `bob`: batches of 50 ms, a rest of 2.0 times each batch, archiveQueue off");
        assertThat(rig.target.audit).containsValue("tune by bob");
        assertThat(rig.update("tune", "requestedBy", "bob")).isEqualTo("Batches run so: as the engine finds." + BATCH);
        assertThat(rig.status().tuning()).isNull();
    }

    @Test
    void a_tuning_with_a_time_ends_by_itself() throws Exception {
        rig.start(Rig.input()).gate("schema");
        rig.update("tune", "workers", 1, "for", "PT30M", "requestedBy", "bob");
        assertThat(rig.status().tuning()).isNotNull();

        rig.sleep(Duration.ofMinutes(31));

        rig.calls("tune as the engine finds");
        assertThat(rig.status().tuning()).isNull();
        assertThat(rig.target.audit).containsValue("tune by runbook");
    }

    @Test
    void the_end_of_an_older_tuning_does_not_end_a_newer_one() throws Exception {
        rig.start(Rig.input()).gate("schema");
        rig.update("tune", "workers", 1, "for", "PT30M", "requestedBy", "bob");
        rig.update("tune", "workers", 2, "for", "PT2H", "requestedBy", "carol");

        rig.sleep(Duration.ofMinutes(31));
        assertThat(rig.status().tuning()).isNotNull().satisfies(tuning -> assertThat(tuning.workers())
                .isEqualTo(2));
        assertThat(rig.target.calls).doesNotContain("tune as the engine finds");

        rig.sleep(Duration.ofMinutes(91));
        rig.calls("tune as the engine finds");
    }

    @Test
    void a_tuning_with_a_time_ends_after_the_copy_too() throws Exception {
        inTheBackfill();
        rig.update("tune", "workers", 1, "for", "PT30M", "requestedBy", "bob");
        rig.target.bake(Duration.ZERO);
        rig.target.release("copy 0.0");
        rig.reaches("soak", "running");

        rig.sleep(Duration.ofMinutes(31));

        rig.calls("tune as the engine finds");
        assertThat(rig.status().tuning()).isNull();
    }

    @Test
    void more_workers_start_more_slots_and_all_are_waited_for() throws Exception {
        rig.target.hold("copy 0.2");
        inTheBackfill();

        rig.update("tune", "workers", 3, "requestedBy", "bob");

        rig.calls("copy 0.1").calls("copy 0.2");
        rig.target.release("copy 0.0");
        rig.sleep(Duration.ofSeconds(1));
        assertThat(rig.target.calls).doesNotContain("finishBackfill");
        rig.target.release("copy 0.2");
        rig.calls("finishBackfill");
    }

    @Test
    void what_is_out_of_range_is_answered_with_the_range() throws Exception {
        inTheBackfill();

        assertThat(rig.refusal(
                        "tune", "batchMillis", 0, "workers", -1, "ratio", 1_000, "for", "PT1S", "requestedBy", "bob"))
                .isEqualTo("'batchMillis': expected a whole number from 10 to 5000, found a number (0); "
                        + "'workers': expected a whole number from 1 to 8, found a number (-1); "
                        + "'ratio': expected a number from 0 to 100, found a number (1000); "
                        + "'for': expected a duration from PT1M to P7D, such as \"PT30M\", found a text");
        assertThat(rig.refusal("tune", "workers", "all", "requestedBy", "bob"))
                .isEqualTo("'workers': expected a whole number from 1 to 8, found a text");
        assertThat(rig.refusal("tune", "limits", Map.of("hunger", 1), "requestedBy", "bob"))
                .startsWith("'limits': unknown signal 'hunger'; known signals: ");
        assertThat(rig.refusal("tune", "limits", 7, "requestedBy", "bob"))
                .startsWith("'limits': expected an object of signals and their limits");
        assertThat(rig.refusal("tune", "batchMillis", 999_999_999_999L, "requestedBy", "bob"))
                .contains("expected a whole number from 10 to 5000");
        assertThat(rig.status().tuning()).isNull();
    }

    @Test
    void after_the_backfill_there_is_nothing_to_tune() throws Exception {
        rig.start(Rig.input("gates", List.of("cutover", "drop"))).gate("cutover");

        assertThat(rig.refusal("tune", "workers", 1, "requestedBy", "bob"))
                .isEqualTo("Too late: the backfill is over.");
    }
}
