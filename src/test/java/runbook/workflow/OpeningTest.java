package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import runbook.message.Outcome;

/** What people feel happens while the schedule is open, however early it was approved. */
class OpeningTest {

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    /** Nothing may be done from long ago until some hours from now. */
    private static List<String> frozenFor(Duration time) {
        return List.of("2020-01-01T00:00:00Z/" + Instant.now().plus(time).truncatedTo(ChronoUnit.MINUTES));
    }

    @Test
    void the_cutover_waits_visibly_and_goes_on_by_itself() throws Exception {
        rig.start(Rig.input("gates", List.of("drop"), "freezes", frozenFor(Duration.ofHours(12))));
        rig.calls("validate").reaches("cutover", "running");

        assertThat(rig.details()).startsWith("### Cutover waits for its window, opens 20");
        rig.sleep(Duration.ofHours(11));
        assertThat(rig.target.calls).doesNotContain("planStages", "flip 0");

        rig.sleep(Duration.ofHours(1)).calls("flip 0");
        assertThat(rig.details()).doesNotContain("waits for its window");
    }

    @Test
    void a_pause_outlasts_the_window_and_the_cutover_waits_for_the_next() throws Exception {
        rig.start(Rig.input("gates", List.of("drop"), "freezes", frozenFor(Duration.ofHours(1))));
        rig.reaches("cutover", "running");

        rig.signal("pause", "requestedBy", "bob").reaches("cutover", "paused");
        rig.sleep(Duration.ofHours(2));
        assertThat(rig.target.calls).doesNotContain("flip 0");

        rig.signal("resume", "requestedBy", "bob").calls("flip 0");
    }

    @Test
    void an_abort_ends_the_wait() throws Exception {
        rig.start(Rig.input("gates", List.of("drop"), "freezes", frozenFor(Duration.ofDays(30))));
        rig.reaches("cutover", "running");

        rig.signal("abort", "requestedBy", "bob");

        assertThat(rig.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(rig.target.calls).doesNotContain("flip 0").contains("undo");
    }

    @Test
    void an_open_window_is_not_waited_for() throws Exception {
        rig.start(Rig.input("gates", List.of("drop"), "windows", List.of("00:00-24:00 UTC")));

        rig.calls("flip 0");
    }
}
