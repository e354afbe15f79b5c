package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import runbook.message.Outcome;

/** Who asks again for what is under way already gets a clear answer, and it is not done twice. */
class SecondWayBackTest {

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"flipBack", "undo"})
    void a_second_rollback_is_told_that_the_run_goes_back_already(String activity) throws Exception {
        rig.target.hold(activity);
        rig.start(Rig.input()).gate("schema");
        rig.signal("rollback", "requestedBy", "bob").calls(activity);

        for (String verb : List.of("rollback", "abort")) {
            assertThat(rig.refusal(verb, "requestedBy", "dana"))
                    .isEqualTo("Too late: The run goes back: the old shape returns, then the run ends as rolled_back.");
        }
        rig.target.release(activity);

        assertThat(rig.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(rig.target.calls).containsOnlyOnce("flipBack", "undo", "end rolled_back");
    }
}
