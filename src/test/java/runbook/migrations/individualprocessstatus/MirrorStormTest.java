package runbook.migrations.individualprocessstatus;

import static org.assertj.core.api.Assertions.assertThat;
import static runbook.migrations.individualprocessstatus.Statuses.MIGRATION;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.sample.ApplicationWriter;
import runbook.sample.Change;
import runbook.sample.Counts;
import runbook.sample.Oracle;
import runbook.sample.Sample;
import runbook.sample.Samples;
import runbook.sample.SqlFolder;
import runbook.sample.WriterSettings;

/** Everything at once: the application writes all the time while its tables go there and back. */
@Timeout(120)
class MirrorStormTest {

    private static final Set<String> GAVE_WAY = Set.of("55P03", "40P01");
    private static final int BATCH = 100;
    private static final int TRIES = 200;

    private static final String NEW_LIST = """
            create or replace view individual_process_status.individual_process_list as
            select p.id, p.client_id, p.title, s.status_name as status, p.created_by, p.created_at, p.updated_by,
                p.updated_at
            from individual_process_status.individual_processes p
            left join individual_process_status.individual_process_statuses s
                on s.individual_process_id = p.id and s.is_active""";

    private static final String LEGACY_LIST = """
            create or replace view individual_process_status.individual_process_list as
            select id, client_id, title, status, created_by, created_at, updated_by, updated_at
            from individual_process_status.individual_processes""";

    @RegisterExtension
    final TestPostgres postgres =
            TestPostgres.prepared("individual_process_status_legacy", owner -> SqlFolder.runLegacy(owner, MIGRATION));

    private final Sample sample = Samples.named(MIGRATION);
    private final SplittableRandom random = new SplittableRandom(11);

    @FunctionalInterface
    private interface Work {
        void on(Connection owner) throws SQLException;
    }

    @BeforeEach
    void legacy() throws SQLException {
        try (Connection owner = postgres.database().connect(Role.RUNBOOK)) {
            sample.create(owner, 3_000, 3);
        }
    }

    private ApplicationWriter writer() throws SQLException {
        return sample.writer(WriterSettings.on(() -> postgres.database().connect(Role.APP))
                .through(6)
                .at(300));
    }

    @Test
    void loses_nothing_on_the_way_there() throws Exception {
        try (ApplicationWriter application = writer()) {
            long mark = expandAndCopy(application);
            cutOver(application, mark);
            application.useNewShapeOnly();
            persist(owner -> {
                owner.setAutoCommit(false);
                SqlFolder.runWithin(owner, MIGRATION, "cleanup");
                own(
                        owner,
                        "alter table individual_process_status.individual_processes rename status to retired_status");
                owner.commit();
            });
            for (String script : List.of("V01", "V02", "V03", "V04")) {
                persist(owner -> SqlFolder.run(owner, MIGRATION, "final", script));
            }
            rest(1_500);
            application.close();

            assertThat(check(application.changes(), mark)).isEmpty();
            expectNoTrouble(application);
        }
    }

    @Test
    void loses_nothing_on_the_way_back() throws Exception {
        try (ApplicationWriter application = writer()) {
            long mark = expandAndCopy(application);
            cutOver(application, mark);
            persist(owner -> own(owner, LEGACY_LIST));
            flag(0);
            for (String script : List.of("V01", "V02", "V03", "V04", "V05", "V06", "V07")) {
                persist(owner -> SqlFolder.run(owner, MIGRATION, "undo", script));
            }
            rest(500);
            application.close();

            try (Connection owner = postgres.database().connect(Role.RUNBOOK)) {
                assertThat(Oracle.checkLegacy(owner, application.changes())).isEmpty();
            }
            expectNoTrouble(application);
        }
    }

    private long expandAndCopy(ApplicationWriter application) throws Exception {
        rest(500);
        for (String script : List.of("V01", "V02", "V03", "V04", "V05", "V06", "V07", "V08", "V09")) {
            persist(owner -> SqlFolder.run(owner, MIGRATION, "schema", script));
        }
        long mark = application.mark();
        rest(500);
        copy();
        for (String script : List.of("V01", "V02", "V03", "V04", "V05")) {
            persist(owner -> SqlFolder.run(owner, MIGRATION, "constraints", script));
        }
        return mark;
    }

    private void cutOver(ApplicationWriter application, long mark) throws Exception {
        flag(500);
        rest(500);
        flag(1_000);
        persist(owner -> own(owner, NEW_LIST));
        rest(1_000);

        application.pause();
        assertThat(check(application.changes(), mark)).isEmpty();
        application.resume();
    }

    /** Batches as the engine sends them; every tenth is cut off before it commits, every tenth runs twice. */
    private void copy() throws SQLException {
        long last;
        try (Connection owner = postgres.database().connect(Role.RUNBOOK);
                Statement statement = owner.createStatement();
                ResultSet max =
                        statement.executeQuery("select max(id) from individual_process_status.individual_processes")) {
            max.next();
            last = max.getLong(1);
        }
        for (long from = 0; from < last; from += random.nextInt(10) == 0 ? 0 : BATCH) {
            String range = "where p.id > %d and p.id <= %d order by p.id".formatted(from, from + BATCH);
            boolean killed = random.nextInt(10) == 0;
            persist(owner -> {
                owner.setAutoCommit(false);
                own(
                        owner,
                        "set local runbook.mirror = 'on'; set local lock_timeout = '50ms'; "
                                + Statuses.BATCH.replace("order by p.id", range));
                if (killed) {
                    owner.rollback();
                } else {
                    owner.commit();
                }
            });
            from -= killed ? BATCH : 0;
        }
    }

    private List<String> check(List<Change> changes, long mark) throws SQLException {
        try (Connection owner = postgres.database().connect(Role.RUNBOOK)) {
            return Oracle.check(owner, changes, mark);
        }
    }

    private static void expectNoTrouble(ApplicationWriter application) {
        Counts counts = application.counts();
        assertThat(application.applicationErrors()).isEmpty();
        assertThat(counts.deadlocks()).isZero();
        assertThat(counts.changes()).isGreaterThan(500);
        assertThat(counts.throughAddStatus()).isPositive();
    }

    /** As the engine does it: short waits for locks, and again. */
    private void persist(Work work) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (Connection owner = postgres.database().connect(Role.RUNBOOK)) {
                own(owner, "set lock_timeout = '300ms'");
                work.on(owner);
                return;
            } catch (SQLException e) {
                if (!GAVE_WAY.contains(e.getSQLState()) || attempt == TRIES) {
                    throw e;
                }
                rest(20 + random.nextInt(100));
            }
        }
    }

    private void flag(int perMille) throws SQLException {
        persist(owner -> own(owner, """
                insert into runbook.flag (name, stage, per_mille, changed_by, reason)
                values ('new_status_system', '', %d, 'test', 'test')
                on conflict (name, stage) do update set per_mille = excluded.per_mille""".formatted(perMille)));
    }

    private static void own(Connection owner, String sql) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void rest(long millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }
}
