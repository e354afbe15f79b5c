package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import runbook.Eventually;
import runbook.TestPostgres;
import runbook.cli.dev.Role;

/** How long batches take, and slots rest, by who else is at work. */
class NeighboursTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private CopyRig rig;

    @BeforeEach
    void open() {
        rig = new CopyRig(postgres);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({"2, 2, 3", "1, 2, 1", "8, 8, 3", "8, 32, 0", "4, 32, 0"})
    void all_slots_together_take_a_quarter_of_the_cores(int slots, int cores, double rest) {
        assertThat(Neighbours.inCompany(slots, cores).rest()).isEqualTo(rest);
        assertThat(Neighbours.inCompany(slots, cores).millis()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "4, 1", "8, 2", "32, 8"})
    void so_many_batches_run_at_once_as_the_share_has_cores(int cores, int batches) {
        assertThat(Neighbours.turns(cores)).isEqualTo(batches);
    }

    @Test
    void somebody_at_work_is_seen_and_so_is_nobody() throws Exception {
        try (Connection other = postgres.database().connect(Role.APP)) {
            other.createStatement().execute("select 1");
            assertThat(new Neighbours(rig.target).aim(2)).hasToString("10 ms, others are active");
        }
        Eventually.holds(
                "nobody is at work any more",
                Duration.ofSeconds(20),
                () -> new Neighbours(rig.target).aim(2).toString().equals("200 ms, nobody else is active"));
    }
}
