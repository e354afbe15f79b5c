package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import runbook.message.Outcome;

/** Who wants to go back after the clean-up was approved gets a no, and hears what is still possible. */
class TooLateTest {

    private static final String UNARCHIVE = "'./runbook unarchive individual_process_status --target dev' brings them"
            + " back, and counts first what that loses.";

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void a_clean_up_that_fails_takes_retry_alone() throws Exception {
        rig.target.bake(Duration.ZERO);
        rig.target.fault("retire", "failed");
        rig.start(Rig.input("gates", List.of("cleanup", "drop"), "soak", "PT0S"))
                .approve("cleanup");
        rig.reaches("cleanup", "parked");

        assertThat(rig.refusal("rollback", "requestedBy", "bob"))
                .isEqualTo(
                        "Too late: the clean-up has been approved. Possible: 'retry'. Once the old objects are retired"
                                + " and the run has ended, " + UNARCHIVE);
    }

    @Test
    void after_the_clean_up_is_approved_there_is_no_way_back() throws Exception {
        rig.target.bake(Duration.ZERO);
        rig.target.hold("retire");
        rig.start(Rig.input("gates", List.of("cleanup", "drop"), "soak", "PT0S"))
                .approve("cleanup")
                .calls("retire");

        String expected = "Too late: the clean-up has been approved. Possible: reject at the gate drop, or 'temporal"
                + " workflow cancel', and the retired objects stay. Then " + UNARCHIVE;
        assertThat(rig.refusal("rollback", "requestedBy", "bob")).isEqualTo(expected);
        assertThat(rig.refusal("abort", "requestedBy", "bob")).isEqualTo(expected);
        rig.target.release("retire");
        rig.calls("retire").sleep(Duration.ofHours(3)).gate("drop");
        assertThat(rig.refusal("abort", "requestedBy", "bob")).isEqualTo(expected);
    }

    @Test
    void after_the_clean_up_of_a_run_that_drops_nothing_the_way_back_is_another_command() throws Exception {
        rig.target.bake(Duration.ZERO);
        rig.target.hold("retire");
        rig.start(Rig.input("gates", List.of("drop"), "drop", false, "soak", "PT0S"))
                .calls("retire");

        assertThat(rig.refusal("rollback", "requestedBy", "bob"))
                .isEqualTo("Too late: the clean-up has been approved. Possible: the run ends with the old objects"
                        + " retired. Then " + UNARCHIVE);
        rig.target.release("retire");
        assertThat(rig.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(rig.details()).contains("`./runbook unarchive individual_process_status --target dev`");
    }

    @Test
    void once_the_drop_has_begun_nothing_is_promised_any_more() throws Exception {
        rig.target.resume("retired");
        rig.target.fault("drop", "failed");
        rig.start(Rig.input("hold", "PT0S")).approve("drop").reaches("cleanup", "parked");

        assertThat(rig.refusal("rollback", "requestedBy", "bob"))
                .isEqualTo("Too late: the clean-up has been approved. Possible: 'retry'.");
    }
}
