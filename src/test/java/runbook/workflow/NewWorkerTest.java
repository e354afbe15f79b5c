package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.enums.v1.WorkflowTaskFailedCause;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.message.Outcome;

/** A worker of another build arrives in mid-soak and finds a history that it did not write. */
class NewWorkerTest {

    private static final WorkflowTaskFailedCause NON_DETERMINISTIC =
            WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR;

    private final Rig rig = Rig.handedOver();

    @AfterEach
    void close() {
        rig.close();
    }

    private void soaksForAWeek() throws Exception {
        rig.target.bake(Duration.ZERO);
        rig.start(Rig.input("gates", List.of("cleanup", "drop"), "soak", "P21D", "revalidate", "P2D"));
        rig.reaches("soak", "running").sleep(Duration.ofDays(7).plusHours(1));
    }

    private Outcome end() throws Exception {
        rig.sleep(Duration.ofDays(15)).approve("cleanup");
        rig.reaches("cleanup", "running").sleep(Duration.ofHours(3)).approve("drop");
        return rig.outcome();
    }

    @Test
    void a_later_build_takes_over_a_run_that_began_without_its_changes() throws Exception {
        soaksForAWeek();
        rig.signal("approve", "gate", "cleanup", "evidence", "deadbeef", "approver", "bob");

        rig.takenOverBy(Build::later);

        assertThat(rig.status().phase()).isEqualTo("soak");
        assertThat(rig.report().kept()).containsExactly("approve cleanup by bob");
        assertThat(end()).isEqualTo(Outcome.COMPLETED);
        assertThat(rig.target.audit.keySet()).contains("farewell").doesNotContain("greeting");
        assertThat(rig.target.calls).containsOnlyOnce("admit", "assess", "expand", "flip 0", "retire");
        assertThat(rig.target.count("validate")).isBetween(10L, 12L);
        rig.past().replayed(LaterMigration.class);
    }

    @Test
    void a_proof_that_was_under_way_ends_as_it_began() throws Exception {
        soaksForAWeek();
        rig.target.fault("validate", "again in PT1H");
        rig.sleep(Duration.ofHours(23).plusMinutes(10));
        long begun = rig.target.count("validate");

        rig.takenOverBy(Build::later).sleep(Duration.ofHours(1));

        assertThat(rig.target.count("validate")).isEqualTo(begun + 1);
        assertThat(rig.target.calls).doesNotContain("drill");
        assertThat(rig.update("retry", "requestedBy", "bob")).startsWith("Phase validation was repeated");
        assertThat(rig.target.count("drill")).isEqualTo(1);
    }

    @Test
    void a_build_that_decides_otherwise_stands_still_until_a_right_one_comes() throws Exception {
        soaksForAWeek();

        rig.takenOverBy(Build::careless)
                .signal("approve", "gate", "cleanup", "evidence", "deadbeef", "approver", "bob");

        Eventually.holds("it is seen", Duration.ofSeconds(20), () -> rig.past().events().stream()
                .map(event -> event.getWorkflowTaskFailedEventAttributes().getCause())
                .anyMatch(NON_DETERMINISTIC::equals));
        assertThat(rig.target.audit).isEmpty();
        rig.takenOverBy(Build::today);
        assertThat(rig.report().kept()).containsExactly("approve cleanup by bob");
        assertThat(end()).isEqualTo(Outcome.COMPLETED);
    }
}
