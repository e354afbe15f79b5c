package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrialsTest {

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void the_input_asks_for_a_trial_after_the_schema_and_before_the_backfill() throws Exception {
        rig.start(Rig.input("gates", List.of("drop"), "trial", "4711")).reaches("cutover", "running");

        assertThat(rig.target.calls).containsSubsequence("expand", "trial 4711", "openBackfill");
        assertThat(Objects.requireNonNull(rig.status().trial()).record()).containsEntry("statusMatches", "true");
        assertThat(rig.details()).contains("statusMatches: true");
    }

    @Test
    void a_trial_that_is_asked_for_early_is_kept() throws Exception {
        rig.start(Rig.input()).gate("schema");

        assertThat(rig.update("trial", "key", 4711, "requestedBy", "bob")).startsWith("Kept: the trial is made after");
        assertThat(rig.report().kept()).containsExactly("trial by bob");
        assertThat(rig.gate("schema").approvals()).isEmpty();
        rig.approve("schema").gate("cutover");
        assertThat(rig.report().kept()).isEmpty();

        assertThat(rig.target.calls).containsSubsequence("expand", "trial 4711", "openBackfill");
    }

    @Test
    void at_the_gate_before_the_backfill_the_answer_is_the_record() throws Exception {
        rig.start(Rig.input("gates", List.of("backfill", "drop"))).gate("backfill");

        assertThat(rig.run().update("trial", Map.class, Rig.body("key", "4711", "requestedBy", "bob")))
                .isEqualTo(Map.of("issues", List.of(), "statusMatches", "true"));

        rig.approve("backfill").reaches("cutover", "running");
    }

    @Test
    void a_trial_that_is_refused_parks_before_anything_else_is_copied() throws Exception {
        rig.target.fault("trial 1", "refused", "refused");
        rig.start(Rig.input("gates", List.of("drop"), "trial", "1")).reaches("backfill", "parked");

        assertThat(rig.status().problems()).singleElement().asString().startsWith("The trial was refused. There is no");
        rig.update("retry", "requestedBy", "bob");
        rig.reaches("backfill", "parked");
        rig.update("trial", "key", "2", "requestedBy", "bob");

        rig.reaches("cutover", "running");
        assertThat(rig.target.calls).containsSubsequence("trial 1", "trial 1", "trial 2", "openBackfill");
    }

    @Test
    void a_trial_that_finds_issues_parks_until_it_is_cured_or_another_one_is_made() throws Exception {
        rig.target.fault("trial 1", "issues", "issues");
        rig.start(Rig.input("gates", List.of("drop"), "trial", "1")).reaches("backfill", "parked");

        assertThat(rig.status().problems())
                .containsExactly("The trial found: No status records found. That unit is brought over, nothing else was"
                        + " copied. Find out why; then send 'retry' to look at it again, 'trial' with another key,"
                        + " 'rollback' or 'abort'.");
        assertThat(rig.target.calls).doesNotContain("openBackfill");
        rig.update("retry", "requestedBy", "bob");
        rig.reaches("backfill", "parked");
        rig.update("retry", "requestedBy", "bob");

        rig.reaches("cutover", "running");
        assertThat(rig.target.calls).containsSubsequence("trial 1", "trial 1", "trial 1", "openBackfill");
    }

    @Test
    void at_a_gate_the_answer_tells_the_issues_and_the_page_warns() throws Exception {
        rig.target.fault("trial 1", "issues");
        rig.start(Rig.input("gates", List.of("backfill", "drop"))).gate("backfill");

        assertThat(rig.run().update("trial", Map.class, Rig.body("key", "1", "requestedBy", "bob")))
                .containsEntry("issues", List.of("No status records found"));

        assertThat(rig.report().note()).startsWith("The newest trial found: No status records found. Find out why");
    }

    @Test
    void a_trial_that_is_asked_for_in_a_pause_before_the_backfill_is_made_after_it() throws Exception {
        rig.target.hold("expand");
        rig.start(Rig.input("gates", List.of("drop"))).calls("expand");
        rig.signal("pause", "requestedBy", "bob").reaches("schema", "paused");
        rig.target.release("expand");
        rig.reaches("backfill", "paused");

        assertThat(rig.update("trial", "key", "2", "requestedBy", "bob")).startsWith("Kept: ");
        rig.signal("resume", "requestedBy", "bob").calls("openBackfill");

        assertThat(rig.target.calls).containsSubsequence("trial 2", "openBackfill");
    }

    @Test
    void a_trial_right_behind_the_approval_of_the_backfill_is_made_before_it() throws Exception {
        rig.start(Rig.input("gates", List.of("backfill", "drop"), "trial", "1")).gate("backfill");
        rig.signal("pause", "requestedBy", "bob").reaches("backfill", "paused");
        rig.approve("backfill").calls("keep backfill");

        assertThat(rig.update("trial", "key", "2", "requestedBy", "bob")).startsWith("Kept: ");
        rig.signal("resume", "requestedBy", "bob").calls("openBackfill");

        assertThat(rig.target.calls).containsSubsequence("trial 1", "keep backfill", "trial 2", "openBackfill");
        assertThat(rig.target.count("trial 1")).isEqualTo(1);
    }

    @Test
    void a_trial_after_the_backfill_has_begun_is_too_late() throws Exception {
        rig.start(Rig.input("gates", List.of("cutover", "drop"))).gate("cutover");

        assertThat(rig.refusal("trial", "key", "1", "requestedBy", "bob"))
                .startsWith("Too late: the backfill has begun");
    }
}
