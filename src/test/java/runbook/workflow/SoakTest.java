package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.message.Outcome;
import runbook.message.StatusPhase;
import runbook.message.Validity;

/** Weeks of a run, in which only the time of the run counts; and what they leave of its history. */
class SoakTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** From here on Temporal advises to begin another history. */
    private static final int ADVISED = 4_096;

    private static final Map<String, Object> TWO_IN_A_DAY = Map.of("gate", "cutover", "quorum", 2, "expires", "PT24H");
    private static final List<Map<String, Object>> DAILY = List.of(
            Map.of("remind", "P1D"),
            Map.of("at", "cleanup", "deadline", "P7D", "onDeadline", "reject", "remind", "P1D"));

    private static void approve(Rig rig, String gate, String approver) throws Exception {
        Map<String, Object> body = rig.approval(gate);
        body.put("approver", approver);
        rig.run().update("approve", String.class, body);
    }

    private static List<Validity> worth(Rig rig, String gate) {
        return rig.report().approvals().stream()
                .filter(approval -> approval.gate().equals(gate))
                .map(approval -> approval.validity())
                .toList();
    }

    /** What people do to get a run into a soak of three weeks: one of two approvals is too old at first. */
    static void reachesTheSoak(Rig rig, String revalidate) throws Exception {
        rig.target.bake(Duration.ZERO);
        rig.start(
                Rig.input("soak", "P21D", "revalidate", revalidate, "policies", List.of(TWO_IN_A_DAY), "waits", DAILY));
        rig.approve("schema");
        approve(rig, "cutover", "alice");
        rig.sleep(Duration.ofHours(25));
        Eventually.holds("alice's approval expires", PATIENCE, () -> worth(rig, "cutover")
                .equals(List.of(Validity.EXPIRED)));
        approve(rig, "cutover", "bob");
        approve(rig, "cutover", "alice");
        rig.reaches("soak", "running");
    }

    /** The rest: an approval ahead of its gate, a proof that fails and heals, a gate that waits for days. */
    static void endsAfterTheSoak(Rig rig) throws Exception {
        rig.sleep(Duration.ofDays(10));
        tellsWhatItRestsOn(rig.details());
        rig.signal("approve", "gate", "cleanup", "evidence", "deadbeef", "approver", "alice");
        rig.target.fault("validate", "failed");
        rig.sleep(Duration.ofDays(1));
        assertThat(rig.report().kept()).containsExactly("approve cleanup by alice");
        rig.sleep(Duration.ofDays(10).plusMinutes(10)).gate("cleanup");
        assertThat(rig.ignored("approve").reason()).startsWith("Not the evidence of now");
        rig.sleep(Duration.ofDays(3));
        Eventually.holds("three reminders", PATIENCE, () -> rig.status().waits().stream()
                .anyMatch(wait -> wait.reminders() == 3));
        rig.approve("cleanup").reaches("cleanup", "running");
        rig.sleep(Duration.ofHours(3)).approve("drop");
        assertThat(rig.outcome()).isEqualTo(Outcome.COMPLETED);
    }

    /** Somebody who has never seen the run knows what was proved, who has let it pass on what, and how to go back. */
    private static void tellsWhatItRestsOn(String page) {
        assertThat(page).startsWith("### Soak until 20");
        assertThat(page.replaceAll("\\s+", " "))
                .contains("Newest validation: passed, validate ok.", "--name rollback", "every write made since")
                .contains("**Approved before**", "- cutover: bob, 20", "8 checks passed, 0 failed, 1 not verified.")
                .contains("**Proved**", "- every row is there");
    }

    private static StatusPhase line(Rig rig, String phase) {
        return rig.report().phases().stream()
                .filter(row -> row.phase().equals(phase))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void three_weeks_go_by_the_time_of_the_run_and_leave_room_in_its_history() throws Exception {
        try (Rig rig = new Rig()) {
            reachesTheSoak(rig, "PT6H");
            long proved = rig.target.count("validate");
            endsAfterTheSoak(rig);

            StatusPhase soak = line(rig, "soak");
            assertThat(Duration.between(soak.began(), soak.ended()))
                    .isBetween(Duration.ofDays(21), Duration.ofDays(21).plusMinutes(10));
            assertThat(rig.target.count("validate") - proved).isBetween(82L, 84L);
            assertThat(rig.past().events()).hasSizeLessThan(ADVISED / 2);
            rig.past().replayed(MigrationWorkflowImpl.class);
        }
    }

    @Test
    void a_history_that_fills_up_is_made_to_last_until_the_end_of_the_soak() throws Exception {
        try (Rig rig = new Rig(Build.bounded(700))) {
            rig.target.hook("pager", false, 1);
            rig.target.bake(Duration.ZERO);
            rig.start(Rig.input("gates", List.of("cleanup", "drop"), "soak", "P21D", "revalidate", "PT1M"));
            rig.reaches("soak", "running");
            rig.target.fault("validate", "failed", "", "failed", "", "failed", "", "failed", "", "failed");
            rig.sleep(Duration.ofDays(10));
            for (int i = 0; i < 30; i++) {
                rig.signal("aprove", "requestedBy", "bob");
            }
            rig.sleep(Duration.ofDays(10));

            Duration age = Duration.between(
                    line(rig, "validation").ended(), rig.report().asOf());
            assertThat(age).isLessThan(Duration.ofDays(2));
            rig.sleep(Duration.ofDays(2)).gate("cleanup");
            assertThat(rig.status().ignored()).hasSize(30);
            assertThat(rig.target.count("validate")).isBetween(20L, 60L);
            assertThat(rig.past().events()).hasSizeLessThan(1_100);
            assertThat(rig.approve("cleanup")
                            .reaches("cleanup", "running")
                            .status()
                            .problems())
                    .isEmpty();
        }
    }
}
