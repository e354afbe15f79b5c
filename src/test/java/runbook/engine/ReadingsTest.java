package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;

import java.sql.Connection;
import java.time.Duration;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import runbook.cli.dev.Role;
import runbook.message.CheckVerdict;
import runbook.message.PhaseReport;
import runbook.message.Verdict;
import runbook.spi.Criterion;

/** Numbers that a stage is watched by: what speaks for it, what against it, and what a person has to judge. */
class ReadingsTest extends OneCutover {

    @Test
    void a_number_has_three_outcomes_and_failures_are_counted_from_the_switch_on() {
        rig.sql("create table copying.errors (n int)");
        Criterion errors = Criterion.query(
                        "errors", select(field("n", Integer.class)).from("copying.errors"), 1)
                .failingAbove(5)
                .tolerating(1);
        stages(share("all", 1000).watched(Duration.ofSeconds(10), 6, errors));
        flip(0);

        assertThat(outcome()).isEqualTo(Verdict.NOT_VERIFIED);
        rig.sql("insert into copying.errors values (1)");
        assertThat(outcome()).isEqualTo(Verdict.PASSED);
        rig.sql("update copying.errors set n = 3");
        assertThat(outcome()).isEqualTo(Verdict.NOT_VERIFIED);
        rig.sql("update copying.errors set n = 9");
        assertThat(outcome()).isEqualTo(Verdict.PASSED);
        PhaseReport failed = read(0);
        assertThat(failed.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(failed.problems())
                .containsExactly(
                        "copying: cutover: stage 'all': errors: 9; good up to 1, bad above 5; bad 2 times, 1 are"
                                + " borne. Find out why, then send the signal 'retry', or 'rollback'.");

        stepBack(0);
        flip(0);
        assertThat(outcome()).isEqualTo(Verdict.PASSED);
        rig.sql("drop table copying.errors");
        assertThat(outcome()).isEqualTo(Verdict.NOT_VERIFIED);
    }

    private Verdict outcome() {
        return read(0).verdict();
    }

    @Test
    void a_reading_whose_answer_was_lost_counts_once() {
        Criterion bad = Criterion.query("seven", select(DSL.inline(7)), 1)
                .failingAbove(5)
                .tolerating(1);
        stages(share("all", 1000).watched(Duration.ofSeconds(10), 6, bad));
        flip(0);

        assertThat(read(0, "first").verdict()).isEqualTo(Verdict.PASSED);
        assertThat(read(0, "first").verdict()).isEqualTo(Verdict.PASSED);
        assertThat(read(0, "second").verdict()).isEqualTo(Verdict.FAILED);
    }

    @Test
    void what_is_only_shown_decides_nothing() {
        Criterion shown = Criterion.query("seven", select(DSL.inline(7)), 1).onlyShown();
        stages(share("all", 1000).watched(Duration.ofSeconds(10), 1, shown));
        flip(0);

        assertThat(read(0).problems()).isEmpty();
        assertThat(read(0).checks()).singleElement().satisfies(check -> assertThat(check.verdict())
                .isEqualTo(Verdict.FAILED));
    }

    @Test
    void errors_of_the_application_and_deadlocks_are_ready_made() throws Exception {
        stages(share("all", 1000).watched(Duration.ofSeconds(10), 1, Criterion.deadlocks(0), Criterion.rollbacks(100)));
        flip(0);
        EngineRig.passes(read(0));

        try (Connection session = postgres.database().connect(Role.APP)) {
            session.setAutoCommit(false);
            for (int i = 0; i < 200; i++) {
                session.createStatement().execute("select 1");
                session.rollback();
            }
        }

        assertThat(read(0).checks())
                .extracting(CheckVerdict::name, CheckVerdict::verdict)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("deadlocks since the switch", Verdict.PASSED),
                        org.assertj.core.groups.Tuple.tuple("rolled back of 1000 transactions", Verdict.FAILED));
    }
}
