package runbook.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.Eventually;
import runbook.TestPostgres;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.DevPostgres;
import runbook.cli.dev.Role;

/** The writer knows exactly what it did, whatever happens to the database under it. */
class ApplicationWriterTest {

    private static final String MIGRATION = "individual_process_status";
    private static final Sample SAMPLE = Samples.named(MIGRATION);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    final TestPostgres postgres =
            TestPostgres.prepared("individual_process_status_legacy", owner -> SqlFolder.runLegacy(owner, MIGRATION));

    @Test
    void tells_everything_that_it_did_and_makes_no_error_of_its_own(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("changes.tsv");
        try (Connection owner = filled(postgres.database());
                ApplicationWriter writer =
                        SAMPLE.writer(settings(postgres.database()).at(500).loggingTo(file))) {
            Instant began = Instant.now();
            Eventually.holds(
                    "500 changes, and some after the first seconds, which have no part in the times of a while",
                    PATIENCE,
                    () -> writer.counts().changes() > 500
                            && writer.latency(began, Instant.now()).statements() > 0);
            writer.close();

            assertThat(writer.applicationErrors()).isEmpty();
            assertThat(Oracle.checkLegacy(owner, writer.changes())).isEmpty();
            Set<Change.Kind> kinds = writer.changes().stream().map(Change::kind).collect(Collectors.toSet());
            assertThat(kinds).isEqualTo(EnumSet.allOf(Change.Kind.class));
            assertThat(Files.readAllLines(file)).hasSize((int) writer.counts().changes());
            assertThat(writer.latency().statements())
                    .isGreaterThan(writer.counts().changes());
            assertThat(writer.latency(Duration.ofMinutes(1)).p99Millis()).isPositive();
            Instant ended = Instant.now();
            assertThat(writer.latency(ended.minusSeconds(60), ended.plusSeconds(3600)))
                    .satisfies(all -> assertThat(all.statements()).isPositive());
            assertThat(writer.latency(ended.plusSeconds(5), ended.plusSeconds(9))
                            .statements())
                    .isZero();
        }
    }

    @Test
    void looks_the_outcome_of_a_commit_up_when_the_database_was_restarted() throws Exception {
        try (DevPostgres server = DevPostgres.start(DevPostgres.Options.temporary());
                Connection owner = filled(server.dev());
                ApplicationWriter writer = SAMPLE.writer(settings(server.dev()).at(600))) {
            long before = 0;
            for (boolean crash : new boolean[] {false, true, false, true}) {
                long from = before;
                Eventually.holds("it writes", PATIENCE, () -> writer.counts().changes() > from + 100);
                before = writer.counts().changes();
                if (crash) {
                    server.stopImmediately();
                    server.resume();
                } else {
                    server.restart();
                }
            }
            long from = before;
            Eventually.holds("it writes again", PATIENCE, () -> writer.counts().changes() > from + 100);
            writer.close();

            try (Connection again = server.dev().connect(Role.RUNBOOK)) {
                assertThat(Oracle.checkLegacy(again, writer.changes())).isEmpty();
            }
            assertThat(writer.applicationErrors()).isEmpty();
            assertThat(writer.counts().ambiguous()).isZero();
            assertThat(writer.counts().interruptions()).isPositive();
        }
    }

    @Test
    void counts_an_error_that_a_migration_would_cause() throws Exception {
        try (Connection owner = filled(postgres.database());
                ApplicationWriter writer = SAMPLE.writer(settings(postgres.database()))) {
            try (Statement statement = owner.createStatement()) {
                statement.execute("create function public.fail() returns trigger language plpgsql as"
                        + " $$ begin raise exception 'a mirror that fails'; end $$;"
                        + "create trigger fail after update on individual_process_status.individual_processes"
                        + " for each row execute function public.fail()");
            }

            Eventually.holds(
                    "it says so", PATIENCE, () -> !writer.applicationErrors().isEmpty());
            assertThat(writer.applicationErrors().get(0)).contains("P0001", "a mirror that fails");
        }
    }

    @Test
    void stands_still_while_it_is_paused() throws Exception {
        try (Connection owner = filled(postgres.database());
                ApplicationWriter writer = SAMPLE.writer(settings(postgres.database()))) {
            Eventually.holds("it writes", PATIENCE, () -> writer.counts().changes() > 10);

            writer.pause();
            List<Change> changes = writer.changes();
            assertThat(Oracle.checkLegacy(owner, changes)).isEmpty();
            assertThat(writer.changes()).isEqualTo(changes);
            writer.resume();

            Eventually.holds("it goes on", PATIENCE, () -> writer.changes().size() > changes.size());
        }
    }

    private static WriterSettings settings(DevDatabase database) {
        return WriterSettings.on(() -> database.connect(Role.APP));
    }

    private static Connection filled(DevDatabase database) throws SQLException {
        Connection owner = database.connect(Role.RUNBOOK);
        if (database.name().equals("dev")) {
            SqlFolder.runLegacy(owner, MIGRATION);
        }
        SAMPLE.create(owner, 500, 2);
        return owner;
    }
}
