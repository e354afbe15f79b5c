package runbook.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.Eventually;
import runbook.OwnThread;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.engine.Pulse;
import runbook.engine.RunbookException;
import runbook.engine.Scripts;
import runbook.engine.Target;
import runbook.engine.Targets;

/** When nothing is put back, and why. */
class RestoreRefusalTest {

    private static final RestoreRequest ALL = RestoreRequest.everything();

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.prepared("shop", Shop::build);

    @TempDir
    Path backups;

    private final Targets targets = new Targets();
    private Target target;

    @BeforeEach
    void back_up() {
        target = targets.named(postgres.target());
        Backup.take(target, Shop.TABLES, backups.resolve("b"), Pulse.NONE);
    }

    @AfterEach
    void close() {
        targets.close();
    }

    @Test
    void an_error_changes_nothing_and_repeats_no_value() throws Exception {
        run(
                "delete from shop.visits",
                "update shop.customers set email = 'x' || email where id = 3",
                "insert into shop.customers (email, credit) values ('c3@example.org', 5)");

        assertThatThrownBy(() -> restore(ALL))
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining("restore: updating shop.customers: the server answered SQLSTATE 23505")
                .hasMessageContaining("Nothing was changed.")
                .hasMessageNotContaining("c3@example.org");
        assertThat(Shop.count(target, "shop.visits")).isZero();
    }

    @Test
    void missing_privileges_are_named_at_once() throws Exception {
        run("grant usage on schema shop to app", "grant select, insert on all tables in schema shop to app");
        Target app = targets.named(postgres.database().service(Role.APP));

        assertThatThrownBy(() -> Restore.run(app, backups.resolve("b"), ALL, Pulse.NONE))
                .hasMessageContaining("GRANT UPDATE, DELETE ON \"shop\".\"customers\" TO app;")
                .hasMessageContaining("GRANT UPDATE, DELETE ON \"shop\".\"orders\" TO app;");
    }

    @Test
    void an_open_run_forbids_it_unless_it_is_that_runs_own() throws Exception {
        Scripts.install(target);
        run(
                "insert into runbook.migration_run (id, migration, target, workflow_id, workflow_run, requested_by,"
                        + " definition, system_identifier, database_oid) overriding system value"
                        + " values (7, 'orders', 'shop', 'orders', 'x', 'dana', 'x', 1, 1)",
                "delete from shop.visits");

        assertThatThrownBy(() -> restore(ALL)).hasMessageContaining("run 7 of orders is open in this database");
        assertThat(Shop.count(target, "shop.visits")).isZero();
        assertThat(restore(ALL.dry()).applied()).isFalse();
        restore(ALL.ofTheOpenRun());
        assertThat(Shop.count(target, "shop.visits")).isEqualTo(30);
        run("delete from shop.visits", "update runbook.migration_run set ended_at = now(), state = 'aborted'");
        restore(ALL);
        assertThat(Shop.count(target, "shop.visits")).isEqualTo(30);
    }

    @Test
    void a_corrupt_file_is_found_before_anything_is_touched() throws Exception {
        Path file = backups.resolve("b").resolve("0003-shop.visits.copy.gz");
        Files.write(file, new byte[] {1, 2, 3});

        assertThatThrownBy(() -> restore(ALL))
                .hasMessageContaining(file + ": 3 bytes, expected")
                .hasMessageContaining("shop.visits");
        assertThatThrownBy(() -> restore(RestoreRequest.only("shop.lost")))
                .hasMessageContaining(
                        "holds no table 'shop.lost'; it holds [shop.customers, shop.orders, shop.visits]");
    }

    @Test
    void whoever_no_longer_wants_it_gets_their_own_exception_and_no_change() throws Exception {
        run("delete from shop.visits");
        CancellationException unwanted = new CancellationException("no longer wanted");
        AtomicInteger beats = new AtomicInteger();
        Pulse pulse = detail -> {
            if (beats.incrementAndGet() == 2) {
                throw unwanted;
            }
        };
        try (Connection holder = postgres.database().connect(Role.RUNBOOK);
                Statement lock = holder.createStatement()) {
            holder.setAutoCommit(false);
            lock.execute("lock table shop.visits in row exclusive mode");

            assertThatThrownBy(() -> Restore.run(target, backups.resolve("b"), ALL, pulse))
                    .isSameAs(unwanted);
        }
        assertThat(Shop.count(target, "shop.visits")).isZero();
    }

    @Test
    void a_lock_that_another_one_holds_is_waited_for() throws Exception {
        run("delete from shop.visits");
        try (Connection holder = postgres.database().connect(Role.RUNBOOK);
                Statement lock = holder.createStatement()) {
            holder.setAutoCommit(false);
            lock.execute("lock table shop.visits in row exclusive mode");
            CompletableFuture<RestoreFacts> restore = CompletableFuture.supplyAsync(() -> restore(ALL), OwnThread.EACH);
            Eventually.holds("the first try waits", Duration.ofSeconds(20), () -> lockWaits() == 1);
            Eventually.holds("the first try gives way", Duration.ofSeconds(20), () -> lockWaits() == 0);

            holder.rollback();

            assertThat(restore.get().tables()).contains(new TableRestore("shop.visits", false, 30, 0, 0, 0));
        }
    }

    private long lockWaits() {
        return Shop.count(target, "pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()");
    }

    private RestoreFacts restore(RestoreRequest request) {
        return Restore.run(target, backups.resolve("b"), request, Pulse.NONE);
    }

    private void run(String... statements) throws Exception {
        try (Connection connection = postgres.database().connect(Role.RUNBOOK);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
