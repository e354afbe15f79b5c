package runbook.migrations.individualprocessstatus;

import static org.assertj.core.api.Assertions.assertThat;
import static runbook.migrations.individualprocessstatus.Pattern.mirror;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.sample.Samples;
import runbook.sample.SqlFolder;

/** All races together, at random: ten seeds, or the one of {@code -Dstorm.seed}. The same storm finds faulty patterns. */
class RaceStormTest {

    private static final long ROWS = 1_500;

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.prepared("individual_process_status_storm", owner -> {
        SqlFolder.runLegacy(owner, Statuses.MIGRATION);
        Samples.named(Statuses.MIGRATION).create(owner, ROWS, 5);
        SqlFolder.run(owner, Statuses.MIGRATION, "schema");
        execute(
                owner,
                "insert into runbook.flag (name, stage, per_mille, changed_by, reason)"
                        + " values ('new_status_system', '', 1000, 'test', 'test')");
    });

    static LongStream seeds() {
        Long one = Long.getLong("storm.seed");
        return one == null ? LongStream.rangeClosed(1, 10) : LongStream.of(one);
    }

    static Stream<Pattern> faults() {
        return Stream.of(
                mirror("nothing_for_the_value_before"),
                mirror("nothing_on_conflict").with("without_claim"),
                mirror("ordered_by_now"),
                mirror("without_arbiter").with("without_conflict_clause"));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothing_is_lost(long seed) throws Exception {
        Storm storm = new Storm(postgres.database(), seed, ROWS, Pattern.ALL_REAL);

        assertThat(storm.violations()).as(storm::toString).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void what_a_faulty_pattern_loses_is_found(Pattern pattern) throws Exception {
        try (Connection owner = postgres.database().connect(Role.RUNBOOK)) {
            execute(owner, "set search_path = individual_process_status, pg_catalog;" + pattern.setup());
        }
        Storm storm = new Storm(postgres.database(), 1, ROWS, List.of(pattern));

        assertThat(storm.violations()).as(storm::toString).isNotEmpty();
    }

    private static void execute(Connection owner, String sql) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }
}
