package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.message.CheckVerdict;
import runbook.message.Phase;
import runbook.message.Verdict;

/** A flag that somebody changes past the run is noticed, keeps the old shape, and is told with what cures it. */
class SwitchedByHandTest {

    private static final String FLAG = "update runbook.flag set per_mille = %d where name = 'new_status_system'";

    private static final String STRAYED =
            "flag new_status_system (0 instead of 1000 per mille) is not as this run left it";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void cutOver() throws Exception {
        ground = new Ground(postgres, 50).expanded().copied().cutOver();
        Ground.passes(ground.validated());
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void a_flag_that_was_changed_by_hand_fails_the_proof_and_keeps_the_old_shape() {
        ground.sql(FLAG.formatted(0));
        ground.again();

        assertThat(ground.validated().problems())
                .singleElement()
                .asString()
                .contains("\"" + CheckVerdict.SWITCHES + "\": " + STRAYED)
                .contains("'retry', which proves anew and switches again, or 'rollback'");
        assertThat(Decisions.gather(ground.target, ground.at(Phase.SOAK), ground.migration, "cleanup", "salt")
                        .blocking())
                .anySatisfy(reason -> assertThat(reason).startsWith(STRAYED));
        assertThat(ground.retired().verdict()).isEqualTo(Verdict.FAILED);
        assertThat(ground.number("select count(*) from pg_attribute where attname = 'retired_status'"))
                .isZero();
    }

    @Test
    void a_flag_that_was_changed_back_is_as_the_run_left_it() {
        ground.sql(FLAG.formatted(0));
        ground.sql(FLAG.formatted(1000));
        ground.again();

        Ground.passes(ground.validated());
    }
}
