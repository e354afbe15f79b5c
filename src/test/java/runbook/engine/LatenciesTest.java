package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
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

    private List<CheckVerdict> check(List<Latency> latencies) {
        return Latencies.check(ground.target, ground.at(Phase.VALIDATION), latencies, Pulse.NONE);
    }
}
