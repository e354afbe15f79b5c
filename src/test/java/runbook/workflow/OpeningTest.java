package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
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

    private static List<String> frozenBetween(int hours, int andHours) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        return List.of(now.plus(Duration.ofHours(hours)) + "/" + now.plus(Duration.ofHours(andHours)));
    }

    @Test
    void the_cutover_waits_visibly_and_goes_on_by_itself() throws Exception {
        rig.start(Rig.input("gates", List.of("drop"), "freezes", frozenFor(Duration.ofHours(12))));
        rig.calls("validate").reaches("cutover", "running");

        assertThat(rig.details()).startsWith("### Cutover waits for its window, opens 20");
        Eventually.holds(
                "the target knows", Duration.ofSeconds(10), () -> rig.target.stood.contains("outside window: cutover"));
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
    void the_clean_up_waits_too_when_its_freeze_began_in_the_soak() throws Exception {
        rig.target.bake(Duration.ZERO);
        rig.start(Rig.input("gates", List.of("drop"), "soak", "PT12H", "freezes", frozenBetween(6, 30)))
                .reaches("soak", "running");

        rig.sleep(Duration.ofHours(13)).reaches("cleanup", "running");
        assertThat(rig.details()).startsWith("### Cleanup waits for its window, opens 20");
        assertThat(rig.target.calls).contains("flip 0").doesNotContain("retire");

        rig.sleep(Duration.ofHours(18)).calls("retire");
    }

    @Test
    void an_approved_drop_waits_too() throws Exception {
        rig.target.resume("retired");
        rig.start(Rig.input("hold", "PT12H", "freezes", frozenBetween(6, 30)));
        rig.calls("retire").sleep(Duration.ofHours(13)).gate("drop");

        rig.approve("drop").calls("drill").sleep(Duration.ofHours(1));
        assertThat(rig.details()).startsWith("### Drop waits for its window, opens 20");
        assertThat(rig.target.calls).contains("retire").doesNotContain("drop");

        rig.sleep(Duration.ofHours(18)).calls("drop");
    }

    @Test
    void an_open_window_is_not_waited_for() throws Exception {
        rig.start(Rig.input("gates", List.of("drop"), "windows", List.of("00:00-24:00 UTC")));

        rig.calls("flip 0");
    }
}
