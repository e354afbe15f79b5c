package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import runbook.engine.ComparisonRig.Killed;
import runbook.engine.ComparisonRig.Looking;
import runbook.message.CheckVerdict;
import runbook.message.Verdict;
import runbook.spi.Comparison;

/** How many keys are looked at at once: steered to a time, and halved where even that is too much. */
class ChunkSizeTest extends OneComparison {

    @Test
    void a_chunk_that_runs_into_its_limit_is_halved_until_it_does_not() {
        rig.units(3_000);
        rig.sql("update copying.new_rows set name = 'other' where k in (1, 600)");
        Comparison slow = rig.comparison("case when o.k <= 600 then pg_sleep(0.002)::text end", "o.name");

        CheckVerdict verdict = rig.look(rig.attempt(1), slow, Looking.ALONE.within(Duration.ofSeconds(1)));

        assertThat(verdict.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(verdict.found()).isEqualTo(2);
        assertThat(verdict.note())
                .startsWith("3000 rows against 3000 in ")
                .doesNotContain("not verified")
                .doesNotContain("left out");
        assertThat(rig.number("select count(*) from runbook.chunk where half")).isGreaterThan(1);
        assertThat(rig.number("select count(*) from runbook.chunk c where c.upto_key is not null and not exists"
                        + " (select from runbook.chunk d where d.after_key = c.upto_key)"))
                .as("chunks behind which keys are left out")
                .isZero();
    }

    @Test
    void a_chunk_that_runs_into_its_limit_with_few_keys_is_not_verified() {
        rig.units(40_000);
        Comparison slow = rig.comparison("case o.k when 30000 then pg_sleep(30)::text end", "o.name");

        CheckVerdict verdict = rig.look(rig.attempt(1), slow, Looking.ALONE.within(Duration.ofSeconds(1)));

        assertThat(verdict.verdict()).isEqualTo(Verdict.NOT_VERIFIED);
        assertThat(verdict.note()).containsPattern("1 of them not verified: chunk \\d+: SQLSTATE 57014, problem ");
        assertThat(rig.number("select keys from runbook.chunk where verdict = 'not_verified'"))
                .isBetween(Chunking.LEAST / 2L, (long) Chunking.LEAST);
        assertThat(rig.number("select sum(old_rows) from runbook.chunk where verdict = 'passed'"))
                .isBetween(40_000L - Chunking.LEAST, 40_000L - Chunking.LEAST / 2L);
        assertThat(rig.text("select verdict from runbook.check_result")).isEqualTo("not_verified");
    }

    @Test
    void a_look_that_is_killed_between_two_halves_goes_on_with_the_other() {
        rig.units(1_000);
        Comparison slow = rig.comparison("case when o.k <= 200 then pg_sleep(0.004)::text end", "o.name");
        Looking hurried = Looking.ALONE.within(Duration.ofSeconds(1));
        assertThatThrownBy(() -> rig.look(rig.attempt(1), slow, hurried.beating(ComparisonRig.killing(3))))
                .isInstanceOf(Killed.class);
        assertThat(rig.number("select count(*) from runbook.chunk where half")).isPositive();

        CheckVerdict verdict = rig.look(rig.attempt(1), slow, hurried);

        assertThat(verdict.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(verdict.note()).startsWith("1000 rows against 1000 in ");
    }

    @Test
    void chunks_are_steered_by_keys_however_many_rows_each_has() {
        rig.units(3_000);
        for (String shape : List.of("old_rows", "new_rows")) {
            rig.sql("insert into copying." + shape + " select k, 'more', 0 from copying." + shape
                    + ", generate_series(1, 9)");
        }
        Comparison slow = rig.between(
                rig.side("old_rows", "o.name", "case when o.amount > 0 then pg_sleep(0.001)::text end"),
                rig.side("new_rows", "o.name", "case when o.amount > 0 then '' end"));

        assertThat(rig.look(1, slow).verdict()).isEqualTo(Verdict.PASSED);

        assertThat(rig.number("select max(keys) from runbook.chunk where number > 1"))
                .as("keys of a chunk that is to take 200 ms, at a millisecond each")
                .isLessThanOrEqualTo(450);
    }

    @Test
    void differences_are_told_some_hundreds_at_once_and_as_many_as_are_kept() {
        rig.units(Violations.KEPT + 2_000);
        rig.sql("update copying.new_rows set name = case k when 3 then repeat('long', 5000) else 'other' end");

        CheckVerdict verdict = rig.look(1, rig.comparison());

        assertThat(verdict.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(verdict.found()).isEqualTo(Violations.KEPT + 2_000);
        assertThat(rig.number("select count(*) from runbook.violation where healed_at is null"))
                .isEqualTo(Violations.KEPT);
        assertThat(rig.number("select max(found) from (select found from runbook.chunk where verdict is not null"
                        + " order by changed_at limit 35) early"))
                .as("differences of a chunk while there is room to keep all")
                .isLessThanOrEqualTo(Violations.AT_ONCE);
        assertThat(rig.text("select row from runbook.violation where key = '[\"3\"]'"))
                .startsWith("{\"characters, too many to be kept\":20");
    }
}
