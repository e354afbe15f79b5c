package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESSES;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Select;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import runbook.TestPostgres;
import runbook.message.CheckVerdict;
import runbook.message.Phase;
import runbook.message.Verdict;
import runbook.spi.Latency;

/** The application's queries are held to their limit and to the index that was built for them. */
class LatenciesTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void copied() throws Exception {
        ground = new Ground(postgres, 500).expanded().copied();
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void passes_within_the_limit_and_with_an_index() {
        assertThat(check(ground.migration.latencies()))
                .extracting(CheckVerdict::verdict)
                .containsOnly(Verdict.PASSED);
    }

    @Test
    void fails_when_the_plan_uses_none_of_the_indexes() {
        ground.behindTheMirrors(
                "drop index individual_process_status.individual_process_statuses_one_active",
                "drop index individual_process_status.individual_process_statuses_by_individual_process",
                "drop index individual_process_status.individual_process_statuses_by_individual_process_active");

        assertThat(check(ground.migration.latencies())).hasSize(2).allSatisfy(verdict -> {
            assertThat(verdict.verdict()).isEqualTo(Verdict.FAILED);
            assertThat(verdict.note()).endsWith("plan uses none of its indexes");
        });
    }

    @Test
    void fails_when_it_takes_too_long() {
        Latency list = ground.migration.latencies().get(0);
        Latency strict = new Latency(list.name(), list.key(), list.query(), Duration.ZERO, list.indexes());

        assertThat(check(List.of(strict))).singleElement().satisfies(verdict -> {
            assertThat(verdict.verdict()).isEqualTo(Verdict.FAILED);
            assertThat(verdict.note()).startsWith("p95 ").contains("plan uses index ");
        });
    }

    @Test
    void is_held_to_the_query_of_the_old_shape() {
        assertThat(paired(one -> listed(one, 2), one -> listed(one, 0))).satisfies(verdict -> {
            assertThat(verdict.verdict()).isEqualTo(Verdict.PASSED);
            assertThat(verdict.note()).contains("old plan: ", "new plan: ").doesNotContain("inconclusive");
        });
        assertThat(paired(one -> listed(one, 0), one -> listed(one, 2)).verdict())
                .isEqualTo(Verdict.FAILED);
    }

    @Test
    void tells_plans_without_the_keys_that_it_asked_for() {
        ground.sql("update individual_process_status.individual_processes set id = id + 7000000000 where id = 1");

        assertThat(paired(one -> listed(one, 0), one -> listed(one, 0)).note())
                .contains("individual_processes")
                .doesNotContain("70000000");
    }

    @Test
    void nothing_to_ask_for_is_not_verified() {
        ground.sql("delete from individual_process_status.individual_processes");

        assertThat(paired(one -> listed(one, 0), one -> listed(one, 0)).verdict())
                .isEqualTo(Verdict.NOT_VERIFIED);
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, PASSED, false",
        "1.0, PASSED, false",
        "1.01, PASSED, true",
        "1.1, PASSED, true",
        "1.11, FAILED, false"
    })
    void between_equal_and_the_limit_it_passes_as_inconclusive(double ratio, Verdict verdict, boolean marked) {
        assertThat(LatencyPair.verdict(ratio)).isEqualTo(verdict);
        assertThat(LatencyPair.inconclusive(ratio)).isEqualTo(marked);
    }

    @Test
    void one_run_out_of_line_does_not_decide() {
        assertThat(LatencyPair.median(List.of(9.0, 1.0, 0.9, 1.05, 0.95))).isEqualTo(1.0);
    }

    private static Select<?> listed(Condition one, int millis) {
        return DSL.select(INDIVIDUAL_PROCESSES.ID, DSL.field("pg_sleep({0}::float8 / 1000)", DSL.inline(millis)))
                .from(INDIVIDUAL_PROCESSES)
                .where(one);
    }

    private CheckVerdict paired(Function<Condition, Select<?>> old, Function<Condition, Select<?>> query) {
        Latency list = ground.migration.latencies().get(0);
        Latency held = new Latency(list.name(), list.key(), query, list.p95(), list.indexes()).notSlowerThan(old);
        return check(List.of(held)).get(1);
    }

    private List<CheckVerdict> check(List<Latency> latencies) {
        return Latencies.check(ground.target, ground.at(Phase.VALIDATION), latencies, Pulse.NONE);
    }
}
