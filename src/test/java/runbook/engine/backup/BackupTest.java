package runbook.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.OwnThread;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.engine.Pulse;
import runbook.engine.RunbookException;
import runbook.engine.Target;
import runbook.engine.Targets;

class BackupTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.prepared("shop", Shop::build);

    @TempDir
    Path backups;

    private final Targets targets = new Targets();
    private Target target;

    @BeforeEach
    void connect() {
        target = targets.named(postgres.target());
    }

    @AfterEach
    void close() {
        targets.close();
    }

    @Test
    void a_backup_is_a_folder_that_common_programs_can_check_and_read() throws Exception {
        BackupFacts facts = Backup.take(target, Shop.TABLES, backups.resolve("b"), Pulse.NONE);

        assertThat(Shop.files(facts.folder()))
                .containsExactly(
                        "0001-shop.customers.copy.gz",
                        "0002-shop.orders.copy.gz",
                        "0003-shop.visits.copy.gz",
                        "SHA256SUMS",
                        "manifest.json");
        Process check = new ProcessBuilder("sha256sum", "-c", "SHA256SUMS")
                .directory(facts.folder().toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("manifest.json: OK");
        assertThat(check.waitFor()).isZero();
        assertThat(text(facts.folder().resolve("0001-shop.customers.copy.gz"))).startsWith("1\tc1@example.org\t100\n");
        assertThat(facts.rows()).isEqualTo(50 + 200 + 30);
        assertThat(facts.tables()).isEqualTo(3);
        assertThat(facts.bytes()).isPositive();
        assertThat(Shop.files(backups)).containsExactly("b");
        assertThat(Backup.describe(facts.folder())).isEqualTo(facts);
    }

    @Test
    void only_the_owner_may_read_it() throws Exception {
        Path folder = Backup.take(target, Shop.TABLES, backups.resolve("b"), Pulse.NONE)
                .folder();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        for (String file : Shop.files(folder)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void the_manifest_tells_what_a_restore_must_know() {
        Backup.take(target, Shop.TABLES, backups.resolve("b"), Pulse.NONE);

        Manifest manifest = Stored.open(backups.resolve("b")).manifest();
        assertThat(manifest.server()).startsWith("18");
        assertThat(manifest.encoding()).isEqualTo("UTF8");
        assertThat(manifest.host()).isEqualTo(Host.here()).isNotBlank();
        assertThat(manifest.snapshot()).isNotBlank();
        assertThat(manifest.lsn()).contains("/");
        assertThat(manifest.sequences()).extracting(Sequence::last).containsExactly(50L, 200L);
        Shape orders = manifest.tables().get(1).shape();
        assertThat(orders.key()).containsExactly("id");
        assertThat(orders.foreignKeys())
                .extracting(Constraint::references)
                .containsExactly(new TableName("shop", "customers"));
    }

    @Test
    void every_missing_privilege_is_named_at_once() throws Exception {
        Target app = targets.named(postgres.database().service(Role.APP));
        as(Role.RUNBOOK, "grant usage on schema shop to app", "grant select on shop.visits to app");

        assertThatThrownBy(() -> Backup.take(app, Shop.TABLES, backups.resolve("b"), Pulse.NONE))
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining("4 things forbid")
                .hasMessageContaining("GRANT SELECT ON \"shop\".\"customers\" TO \"app\";")
                .hasMessageContaining("GRANT SELECT ON \"shop\".\"orders\" TO \"app\";")
                .hasMessageContaining("GRANT SELECT ON SEQUENCE shop.orders_id_seq TO \"app\";")
                .hasMessageNotContaining("visits");
        assertThat(Shop.files(backups)).isEmpty();
    }

    @Test
    void hidden_rows_are_an_error_and_not_an_empty_file() throws Exception {
        Target app = targets.named(postgres.database().service(Role.APP));
        as(
                Role.RUNBOOK,
                "grant usage on schema shop to app",
                "grant select on shop.visits to app",
                "alter table shop.visits enable row level security");

        assertThatThrownBy(() -> Backup.take(app, List.of(Shop.VISITS), backups.resolve("b"), Pulse.NONE))
                .hasMessageContaining("shop.visits: row-level security hides rows from role \"app\"")
                .hasMessageContaining("ALTER ROLE \"app\" BYPASSRLS;")
                .hasMessageContaining("GRANT \"runbook\" TO \"app\";");
        assertThat(Shop.files(backups)).isEmpty();
    }

    @Test
    void what_is_not_a_whole_table_is_refused() throws Exception {
        as(
                Role.RUNBOOK,
                "create table shop.parts (a integer) partition by range (a)",
                "create view shop.seen as select 1 as one",
                "create table shop.base (a integer)",
                "create table shop.heir () inherits (shop.base)");
        List<Table<?>> tables = List.of(table("parts"), table("seen"), table("base"), table("gone"), table("heir"));

        assertThatThrownBy(() -> Backup.take(target, tables, backups.resolve("b"), Pulse.NONE))
                .hasMessageContaining("4 things forbid")
                .hasMessageContaining("shop.parts: a partitioned table")
                .hasMessageContaining("shop.seen: a view")
                .hasMessageContaining("shop.base: other tables inherit from it")
                .hasMessageContaining("shop.gone: not there");
    }

    @Test
    void a_whole_backup_is_left_as_it_is() {
        BackupFacts first = Backup.take(target, Shop.TABLES, backups.resolve("b"), Pulse.NONE);
        target.dsl().execute("delete from shop.visits");

        assertThat(Backup.take(target, Shop.TABLES, backups.resolve("b"), Pulse.NONE))
                .isEqualTo(first);
        assertThatThrownBy(() -> Backup.take(target, List.of(Shop.VISITS), backups.resolve("b"), Pulse.NONE))
                .hasMessageContaining("expected one of [shop.visits]");
    }

    @Test
    void all_tables_are_of_one_moment_while_others_write() throws Exception {
        AtomicBoolean writing = new AtomicBoolean(true);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> move(writing), OwnThread.EACH);

        try {
            for (int i = 1; i <= 5; i++) {
                Backup.take(target, Shop.TABLES, backups.resolve("b" + i), Pulse.NONE);
                Restore.run(
                        target,
                        backups.resolve("b" + i),
                        RestoreRequest.everything().aside("moment" + i),
                        Pulse.NONE);
            }
        } finally {
            writing.set(false);
            writer.get();
        }
        for (int i = 1; i <= 5; i++) {
            String schema = "moment" + i;
            assertThat(target.dsl()
                            .fetchSingle(
                                    "select (select sum(credit) from {0}) + (select sum(seconds) from {1})",
                                    DSL.name(schema, "customers"), DSL.name(schema, "visits"))
                            .get(0, Long.class))
                    .isEqualTo(50 * 100 + 15);
        }
        assertThat(Shop.count(target, "shop.visits")).isGreaterThan(30);
    }

    /** Each transaction takes one from a customer's credit and notes it as a second of a visit. */
    private void move(AtomicBoolean writing) {
        while (writing.get()) {
            target.inTransaction(tx -> {
                tx.execute("update shop.customers set credit = credit - 1 where id = 7");
                tx.execute("insert into shop.visits values ('moved', 1)");
                return true;
            });
        }
    }

    private void as(Role role, String... statements) throws Exception {
        try (Connection connection = postgres.database().connect(role);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static Table<?> table(String name) {
        return DSL.table(DSL.name("shop", name));
    }

    private static String text(Path file) throws Exception {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
