package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.enums.v1.EventType;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.message.Notice;
import runbook.message.Outcome;

/** What hooks are told, and what becomes of a run whose hooks do not agree. */
class HooksTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private List<String> told() {
        return rig.target.notices.stream()
                .map(notice -> notice.words() + (notice.verdict().isEmpty() ? "" : " " + notice.verdict()))
                .toList();
    }

    private void hears(String words) throws Exception {
        Eventually.holds("a hook hears: " + words + ", of " + told(), PATIENCE, () -> told().contains(words));
    }

    private Notice notice(String words) {
        return rig.target.notices.stream()
                .filter(notice -> notice.words().equals(words))
                .findFirst()
                .orElseThrow();
    }

    private long marks() {
        return rig.past().events().stream()
                .filter(event -> event.getEventType() == EventType.EVENT_TYPE_MARKER_RECORDED)
                .count();
    }

    @Test
    void a_hook_hears_of_everything_that_happens_to_a_run() throws Exception {
        rig.target.hook("log", false, 1);
        rig.target.bake(Duration.ZERO);
        rig.start(Rig.input("gates", List.of("cutover", "drop"), "drop", false)).approve("cutover");

        assertThat(rig.outcome()).isEqualTo(Outcome.COMPLETED);

        List<String> phases = Stream.of(
                        "assessment", "backup", "schema", "backfill", "validation", "cutover", "soak", "cleanup")
                .flatMap(phase -> Stream.of("phase_started " + phase, "phase_ended " + phase + " passed"))
                .toList();
        List<String> gate = List.of("gate_opened cutover", "approval cutover", "gate_passed cutover");
        assertThat(told())
                .containsExactlyInAnyOrderElementsOf(Stream.of(phases, gate, List.of("ended completed"))
                        .flatMap(List::stream)
                        .toList());
        assertThat(rig.target.notices).extracting(Notice::id).doesNotHaveDuplicates();
        assertThat(notice("approval cutover").person()).isEqualTo("alice");
        assertThat(notice("gate_opened cutover").evidence()).hasSize(64);
        assertThat(notice("gate_opened cutover").state()).isEqualTo("waiting: cutover");
        assertThat(notice("gate_opened cutover").command())
                .startsWith("temporal workflow update execute -w individual_process_status --name approve")
                .contains(notice("gate_opened cutover").evidence().substring(0, 8));
    }

    @Test
    void without_hooks_a_run_is_one_event_longer_for_each_occasion() throws Exception {
        rig.target.bake(Duration.ZERO);
        rig.start(Rig.input("gates", List.of("drop"), "drop", false));

        assertThat(rig.outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(marks()).isEqualTo(17);
        assertThat(rig.target.notices).isEmpty();
    }

    @Test
    void a_blocking_hook_parks_the_run_and_retry_asks_it_again() throws Exception {
        rig.target.hook("change-board", true, 1);
        rig.target.fault("hook change-board: phase_started schema", "exit code 3.");
        rig.start(Rig.input("gates", List.of("drop"))).reaches("schema", "parked");

        assertThat(rig.status().problems())
                .containsExactly(
                        "The hook 'change-board' holds the run at phase_started schema: exit code 3. Nothing was"
                                + " done since. When it may go on send 'retry', which asks the hook again; or 'rollback'.");
        assertThat(rig.target.calls).doesNotContain("expand");
        hears("parked schema");
        assertThat(notice("parked schema").problems()).isEqualTo(rig.status().problems());
        assertThat(notice("parked schema").command()).contains("--name retry");

        rig.update("retry", "requestedBy", "bob");
        rig.calls("expand");
        assertThat(told().stream().filter("phase_started schema"::equals)).hasSize(2);
    }

    @Test
    void what_people_have_approved_is_held_and_can_still_be_taken_back() throws Exception {
        rig.target.hook("change-board", true, 1);
        rig.target.fault("hook change-board: gate_passed schema", "status 403.");
        rig.start(Rig.input()).approve("schema").reaches("schema", "parked");
        assertThat(rig.target.calls).contains("keep schema").doesNotContain("expand");

        rig.signal("rollback", "requestedBy", "bob");

        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(rig.target.calls).doesNotContain("expand");
    }

    @Test
    void the_way_back_waits_for_no_hook() throws Exception {
        rig.target.hook("change-board", true, 1);
        rig.target.hold("hook change-board: phase_started backfill");
        rig.target.fault("hook change-board: phase_started rollback", "exit code 1.");
        rig.start(Rig.input("gates", List.of("drop")));
        hears("phase_started backfill");
        rig.signal("rollback", "requestedBy", "bob").calls("undo").reaches("rollback", "rolled_back");

        rig.target.release("hook change-board: phase_started backfill");

        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(told()).contains("phase_ended rollback passed", "rolled_back", "ended rolled_back");
        assertThat(rig.target.calls).doesNotContain("openBackfill");
    }

    @Test
    void a_hook_that_cannot_be_told_is_shown_and_stops_nothing() throws Exception {
        rig.target.hook("pager", false, 1);
        rig.target.fault("hook pager: phase_started schema", "status 500.");
        rig.target.fault("hook pager: phase_ended schema", "no answer within PT10S.");
        rig.start(Rig.input("gates", List.of("cutover", "drop"))).gate("cutover");

        assertThat(rig.status().warnings())
                .containsExactly(
                        "The hook 'pager' was not told 2 times, last of phase_ended schema: no answer within PT10S.");
        assertThat(rig.details()).contains("was not told 2 times");
    }

    @Test
    void a_hook_that_answers_again_is_told_what_it_missed_under_the_same_id() throws Exception {
        rig.target.hook("pager", true, 3);
        rig.target.fault("hook pager: phase_started assessment", "again in PT0.1S", "again in PT0.1S");
        rig.start(Rig.input()).gate("schema");

        List<Notice> same = rig.target.notices.stream()
                .filter(notice -> notice.words().equals("phase_started assessment"))
                .toList();
        assertThat(same).hasSize(3);
        assertThat(same).extracting(Notice::id).containsOnly(same.get(0).id());
        assertThat(rig.status().warnings()).isEmpty();
    }

    @Test
    void each_hook_hears_of_a_wait_of_the_copy_once() throws Exception {
        rig.target.hook("pager", false, 1);
        rig.start(Rig.input("gates", List.of("cutover", "drop"))).gate("cutover");
        look(Duration.ZERO);
        look(Duration.ofMinutes(11));
        look(Duration.ofMinutes(12));
        look(Duration.ofMinutes(5));
        look(Duration.ofMinutes(6));

        rig.signal("rollback", "requestedBy", "bob");
        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);

        assertThat(rig.target.notices)
                .filteredOn(notice -> notice.words().equals("throttled backfill"))
                .extracting(Notice::lasting)
                .containsExactly(Duration.ofMinutes(11), Duration.ofMinutes(5));
    }

    /** Rows are tried again; then the run looks how far its copy is, and how long it has been held up. */
    private void look(Duration throttled) {
        rig.target.throttled(throttled);
        rig.update("requeue", "requestedBy", "bob");
    }

    @Test
    void reminders_and_deadlines_reach_people_through_hooks() throws Exception {
        rig.target.hook("pager", false, 1);
        rig.start(Rig.input(
                        "waits",
                        List.of(Rig.body("at", "schema", "remind", "P3D", "deadline", "P7D", "onDeadline", "reject"))))
                .gate("schema");

        assertThat(rig.outcome()).isEqualTo(Outcome.REJECTED);

        assertThat(told())
                .containsSubsequence(
                        "gate_opened schema", "reminder schema", "reminder schema", "deadline schema reject")
                .contains("ended rejected");
        assertThat(notice("reminder schema").command()).contains("--name approve");
    }

    @Test
    void a_proof_that_turns_in_the_soak_is_told_once_each_way() throws Exception {
        rig.target.hook("pager", false, 1);
        rig.target.bake(Duration.ZERO);
        rig.target.fault("validate", "", "failed", "failed");
        rig.start(Rig.input("gates", List.of("drop"), "soak", "P5D", "revalidate", "P1D", "drop", false));

        assertThat(rig.outcome()).isEqualTo(Outcome.COMPLETED);

        assertThat(told().stream().filter(words -> words.startsWith("verdict")))
                .containsExactly("verdict_changed validation failed", "verdict_changed validation passed");
        assertThat(rig.target.notices.stream()
                        .filter(notice -> notice.verdict().equals("failed"))
                        .findFirst()
                        .orElseThrow()
                        .problems())
                .containsExactly("3 rows differ.");
    }
}
