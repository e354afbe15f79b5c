package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.enums.v1.EventType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.message.Outcome;
import runbook.message.StatusWait;

/** How long people are waited for, and what becomes of a wait that nobody ends. */
class RemindersTest {

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static Map<String, Object> wait(Object... fields) {
        return Rig.body(fields);
    }

    private static Map<String, Object> input(Map<String, Object> wait, Object... fields) {
        Map<String, Object> input = Rig.input(fields);
        input.put("waits", List.of(wait));
        return input;
    }

    private StatusWait waits() {
        assertThat(rig.status().waits()).hasSize(1);
        return rig.status().waits().get(0);
    }

    private void reminded(int times) throws Exception {
        Eventually.holds("reminded " + times + " times", Duration.ofSeconds(20), () -> rig.status().waits().stream()
                .anyMatch(wait -> wait.reminders() == times));
    }

    @Test
    void people_are_reminded_by_the_time_of_the_run() throws Exception {
        rig.start(input(wait("remind", "P1D"))).gate("schema");
        assertThat(waits().at()).isEqualTo("schema");
        assertThat(waits().reminded()).isNull();

        rig.sleep(Duration.ofDays(3).plusHours(1));

        reminded(3);
        assertThat(Duration.between(waits().since(), waits().reminded()).toDays())
                .isEqualTo(3);
        assertThat(rig.details()).contains("Schema since 20", "; reminded 3 times, last 20");
        rig.past().shows("schema: reminder");
        rig.approve("schema").gate("cutover");
        assertThat(waits().at()).isEqualTo("cutover");
        assertThat(waits().reminders()).isZero();
    }

    @Test
    void reminders_of_a_long_wait_do_not_fill_the_history() throws Exception {
        rig.start(input(wait("remind", "PT1H"))).gate("schema");

        rig.sleep(Duration.ofDays(70));

        // 20 an hour apart, 20 two hours apart, … and after 1,260 hours they are 64 hours apart. Hooks are looked for
        // each
        // time, which is one event.
        reminded(126);
        assertThat(rig.past().events()).hasSizeLessThan(850);
        rig.approve("schema").gate("cutover");
    }

    @Test
    void a_gate_that_nobody_decides_at_is_rejected_at_its_deadline() throws Exception {
        rig.start(input(wait("at", "schema", "deadline", "P7D", "onDeadline", "reject")))
                .gate("schema");
        assertThat(rig.details()).contains("; deadline 20", ", then reject.");
        rig.sleep(Duration.ofDays(6));
        assertThat(rig.status().state()).isEqualTo("waiting");

        assertThat(rig.outcome()).isEqualTo(Outcome.REJECTED);

        assertThat(rig.target.calls).contains("undo").doesNotContain("keep schema");
        assertThat(rig.target.audit).containsValue("reject schema by the deadline");
        assertThat(rig.details()).contains("Nobody has decided within PT168H: schema.");
    }

    @Test
    void a_gate_goes_back_at_its_deadline() throws Exception {
        rig.start(input(
                        wait("at", "cutover", "deadline", "P7D", "onDeadline", "rollback"),
                        "gates",
                        List.of("cutover", "drop")))
                .gate("cutover");

        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(rig.target.calls).doesNotContain("flip 0");
    }

    @Test
    void a_deadline_may_be_no_more_than_a_reminder() throws Exception {
        rig.start(input(wait("at", "schema", "deadline", "P7D"))).gate("schema");

        rig.sleep(Duration.ofDays(30));

        reminded(1);
        assertThat(rig.details()).contains("UTC is over.");
        assertThat(rig.target.calls).doesNotContain("expand");
        rig.approve("schema").gate("cutover");
    }

    @Test
    void a_decision_in_time_leaves_no_timer_behind() throws Exception {
        rig.target.hold("expand");
        rig.start(input(wait("at", "schema", "deadline", "P7D", "onDeadline", "reject", "remind", "P1D")))
                .gate("schema");

        rig.approve("schema").calls("expand");

        assertThat(rig.past().events())
                .filteredOn(event -> event.getEventType() == EventType.EVENT_TYPE_TIMER_CANCELED)
                .hasSize(1);
        rig.target.release("expand");
        rig.sleep(Duration.ofDays(8)).gate("cutover");
    }

    @Test
    void a_drop_that_nobody_approves_leaves_the_old_objects_retired() throws Exception {
        rig.target.resume("retired");
        rig.start(input(wait("at", "drop", "deadline", "P7D", "onDeadline", "reject"), "hold", "PT0S"))
                .gate("drop");

        assertThat(rig.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(rig.target.calls).doesNotContain("drop", "undo");
    }

    @Test
    void a_parked_run_goes_back_at_its_deadline() throws Exception {
        rig.target.fault("expand", "failed");
        rig.start(input(wait("at", "parked", "deadline", "P2D", "onDeadline", "rollback"), "gates", List.of("drop")))
                .reaches("schema", "parked");
        rig.sleep(Duration.ofDays(1));
        assertThat(rig.status().state()).isEqualTo("parked");

        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    }

    @Test
    void a_parked_run_without_a_way_back_waits_on() throws Exception {
        rig.target.resume("retired");
        rig.target.fault("retire", "failed");
        rig.start(input(wait("at", "parked", "deadline", "P2D", "onDeadline", "rollback")))
                .reaches("cleanup", "parked");

        rig.sleep(Duration.ofDays(3));

        reminded(1);
        assertThat(rig.status().state()).isEqualTo("parked");
        assertThat(rig.details()).contains("There is no way back any more; a person must decide.");
        assertThat(rig.update("retry", "requestedBy", "bob")).startsWith("Phase cleanup is tried again");
    }

    @Test
    void a_way_back_that_is_parked_is_not_left() throws Exception {
        rig.target.fault("undo", "failed");
        rig.start(input(wait("at", "parked", "deadline", "P2D", "onDeadline", "abort")))
                .gate("schema");
        rig.signal("rollback", "requestedBy", "bob").reaches("rollback", "parked");

        rig.sleep(Duration.ofDays(3));

        reminded(1);
        rig.signal("retry", "requestedBy", "bob");
        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);
    }

    @Test
    void a_pause_that_nobody_ends_ends_the_run() throws Exception {
        rig.start(input(wait("at", "paused", "deadline", "P2D", "onDeadline", "abort")))
                .gate("schema");
        rig.signal("pause", "requestedBy", "bob").reaches("schema", "paused");
        rig.sleep(Duration.ofDays(1));
        rig.update("resume", "requestedBy", "bob");
        rig.sleep(Duration.ofDays(3));
        assertThat(rig.status().state()).isEqualTo("waiting");
        rig.update("pause", "requestedBy", "bob");

        assertThat(rig.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(rig.target.audit).containsValue("abort schema by the deadline");
    }
}
