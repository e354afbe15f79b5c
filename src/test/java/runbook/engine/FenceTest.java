package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.message.Control;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.Verdict;
import runbook.spi.Severity;

/** An attempt of a former owner writes nothing any more, whatever it was in the middle of. */
class FenceTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void legacy() throws Exception {
        ground = new Ground(postgres, 100);
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void refuses_results_measures_and_control_of_a_former_owner() {
        Results.begin(ground.target, ground.at(Phase.VALIDATION));
        Results results = new Results(ground.target, ground.at(Phase.VALIDATION));
        ground.owner("second");

        fenced(() -> Measures.keep(ground.target, ground.at(Phase.VALIDATION), Map.of("total", 1)));
        fenced(() -> Results.end(ground.target, ground.at(Phase.VALIDATION), PhaseReport.passed("")));
        fenced(() -> Controls.control(ground.target, new Control(ground.run, "pause", "dana", "late", "late")));
        fenced(() -> results.run("a claim", Severity.BLOCKING, tx -> new Results.Look(Verdict.PASSED, "", null)));

        assertThat(ground.number("select count(*) from runbook.measure")).isZero();
        assertThat(ground.number("select count(*) from runbook.check_result")).isZero();
        assertThat(ground.number("select count(*) from runbook.control where wanted <> 'run'"))
                .isZero();
        assertThat(ground.number("select count(*) from runbook.phase where ended_at is not null"))
                .isZero();
    }

    @Test
    void a_look_that_fails_for_an_owner_of_now_is_kept_as_not_verified() {
        Results results = new Results(ground.target, ground.at(Phase.VALIDATION));

        var verdict = results.run("a claim", Severity.BLOCKING, tx -> {
            tx.execute("select 1 / 0");
            return new Results.Look(Verdict.PASSED, "", null);
        });

        assertThat(verdict.verdict()).isEqualTo(Verdict.NOT_VERIFIED);
        assertThat(ground.target.dsl().fetchValues("select verdict from runbook.check_result"))
                .isEqualTo(List.of("not_verified"));
    }

    private static void fenced(ThrowingCallable write) {
        assertThatThrownBy(write)
                .isInstanceOf(RunbookException.Fenced.class)
                .hasMessageContaining("belongs to owner 2, this is owner 1. Nothing was written.");
    }
}
