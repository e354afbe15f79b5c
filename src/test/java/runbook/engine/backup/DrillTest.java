package runbook.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.OwnThread;
import runbook.TestPostgres;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.Role;
import runbook.engine.Pulse;
import runbook.engine.Target;
import runbook.engine.Targets;

class DrillTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.prepared("shop", Shop::build);

    @TempDir
    Path backups;

    private final Targets targets = new Targets();
    private Target target;
    private Path folder;

    @BeforeEach
    void connect() {
        target = targets.named(postgres.target());
        folder = backups.resolve("b");
    }

    @AfterEach
    void nothing_is_left_on_the_server() {
        assertThat(Shop.scratches(target)).isEmpty();
        targets.close();
    }

    @Test
    void equal_rows_are_a_passed_drill() {
        ProvedBackup proved = drill("select 1").takeAndCompare(Shop.TABLES, folder);

        assertThat(proved.drill().equal()).isTrue();
        assertThat(proved.drill().rowByRow()).isTrue();
        assertThat(proved.drill().problems()).isEmpty();
        assertThat(proved.drill().tables())
                .containsExactly(
                        new TableDrill("shop.customers", 50, 50, 0, 0, true),
                        new TableDrill("shop.orders", 200, 200, 0, 0, true),
                        new TableDrill("shop.visits", 30, 30, 0, 0, true));
    }

    @Test
    void one_altered_value_fails_the_drill_and_names_the_table() {
        DrillFacts drill = drill("update shop.orders set status = 'Open' where id = 77")
                .takeAndCompare(Shop.TABLES, folder)
                .drill();

        assertThat(drill.verdict()).isEqualTo("different");
        assertThat(drill.problems())
                .singleElement()
                .asString()
                .startsWith(
                        "drill: shop.orders: 1 rows of the source are not in the restored table, 1 rows of it are not"
                                + " in the source");
    }

    @Test
    void one_altered_value_fails_a_drill_from_the_folder_alone_too() {
        Backup.take(target, Shop.TABLES, folder, Pulse.NONE);

        DrillFacts drill =
                drill("update shop.customers set credit = 101 where id = 3").restoreAndCompare(folder);

        assertThat(drill.rowByRow()).isFalse();
        assertThat(drill.problems())
                .singleElement()
                .asString()
                .startsWith("drill: shop.customers: the fingerprint of the restored rows differs");
    }

    @Test
    void a_row_too_few_or_too_many_among_equal_ones_is_seen() {
        assertThat(drill("delete from shop.visits where ctid = (select min(ctid) from shop.visits)")
                        .takeAndCompare(Shop.TABLES, folder)
                        .drill()
                        .tables())
                .contains(new TableDrill("shop.visits", 30, 29, 1, 0, false));
        assertThat(drill("insert into shop.visits select * from shop.visits limit 1")
                        .restoreAndCompare(folder)
                        .problems())
                .singleElement()
                .asString()
                .startsWith("drill: shop.visits: 30 rows saved, 31 restored");
    }

    @Test
    void a_role_that_may_not_create_databases_learns_it_before_anything_is_saved() throws Exception {
        Target app = targets.named(postgres.database().service(Role.APP));

        assertThatThrownBy(() -> Drill.byHand(app, Pulse.NONE).takeAndCompare(Shop.TABLES, folder))
                .hasMessageContaining("role app may not create the scratch database")
                .hasMessageContaining("ALTER ROLE \"app\" CREATEDB;");
        assertThat(Shop.files(backups)).isEmpty();
    }

    @Test
    void what_a_killed_drill_left_is_dropped_by_the_next_drill_of_that_run_alone() throws Exception {
        Killed.while_("restored", target, folder);
        String left = Shop.scratches(target).get(0);
        assertThat(left).contains("_42_shop_");
        Backup.take(target, Shop.TABLES, backups.resolve("other"), Pulse.NONE);

        Drill other = Drill.byHand(target, Pulse.NONE);
        assertThat(other.restoreAndCompare(backups.resolve("other")).equal()).isTrue();
        assertThat(Shop.scratches(target)).containsExactly(left);

        assertThat(drill("select 1").restoreAndCompare(backups.resolve("other")).equal())
                .isTrue();
        assertThat(Shop.scratches(target)).isEmpty();
    }

    @Test
    void an_attempt_that_was_killed_in_its_drill_begins_again_in_a_clean_folder() throws Exception {
        Killed.while_("restored", target, folder);
        assertThat(Shop.files(backups)).singleElement().asString().startsWith("b.partial.");

        ProvedBackup proved = drill("select 1").takeAndCompare(Shop.TABLES, folder);

        assertThat(proved.drill().rowByRow()).isTrue();
        assertThat(proved.drill().equal()).isTrue();
        assertThat(proved.backup().folder()).isEqualTo(folder);
        assertThat(Shop.files(backups)).containsExactly("b");
    }

    @Test
    void whoever_no_longer_wants_it_gets_their_own_exception_and_no_scratch_database() {
        Backup.take(target, Shop.TABLES, folder, Pulse.NONE);
        CancellationException unwanted = new CancellationException("no longer wanted");
        AtomicBoolean seen = new AtomicBoolean();
        Pulse pulse = detail -> {
            if (!Shop.scratches(target).isEmpty()) {
                seen.set(true);
                throw unwanted;
            }
        };

        assertThatThrownBy(() -> Drill.of(target, Shop.run(target), pulse).restoreAndCompare(folder))
                .isSameAs(unwanted);
        assertThat(seen).isTrue();
    }

    @Test
    void a_session_that_we_may_not_end_holds_the_drop_up_and_does_not_prevent_it() throws Exception {
        List<CompletableFuture<Void>> visits = new ArrayList<>();
        Drill drill = Drill.of(target, Shop.run(target), Pulse.NONE, scratch -> visits.add(stay(scratch, 2_500)));

        assertThat(drill.takeAndCompare(Shop.TABLES, folder).drill().equal()).isTrue();
        visits.get(0).get();
    }

    @Test
    void the_source_may_move_on_while_it_is_compared() throws Exception {
        AtomicBoolean writing = new AtomicBoolean(true);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(
                () -> {
                    while (writing.get()) {
                        target.dsl().execute("update shop.orders set status = status || '.' where id % 7 = 1");
                        target.dsl().execute("insert into shop.visits values ('meanwhile', 1)");
                        target.dsl()
                                .execute("delete from shop.visits where ctid = (select max(ctid) from shop.visits)");
                    }
                },
                OwnThread.EACH);

        try {
            for (int i = 1; i <= 3; i++) {
                ProvedBackup proved = Drill.of(target, Shop.run(target), Pulse.NONE)
                        .takeAndCompare(Shop.TABLES, backups.resolve("b" + i));
                assertThat(proved.drill().problems()).isEmpty();
            }
        } finally {
            writing.set(false);
            writer.get();
        }
    }

    @Test
    void a_table_that_is_altered_waits_for_the_snapshot_to_end() {
        Drill drill = Drill.of(target, Shop.run(target), Pulse.NONE, scratch -> assertThatThrownBy(
                        () -> target.dsl().execute("alter table shop.orders drop column status"))
                .hasMessageContaining("lock timeout"));

        assertThat(drill.takeAndCompare(List.of(Shop.ORDERS, Shop.CUSTOMERS), folder)
                        .drill()
                        .equal())
                .isTrue();
    }

    /** A drill in whose restored copy something happens before it is compared. */
    private Drill drill(String meddling) {
        return Drill.of(target, Shop.run(target), Pulse.NONE, scratch -> {
            try (Session session = scratch.session()) {
                session.dsl().execute(meddling);
                session.commit();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** A superuser looks into the scratch database for a while, as an autovacuum does. */
    private CompletableFuture<Void> stay(Scratch scratch, long millis) {
        try {
            Connection visitor = new DevDatabase(scratch.name(), postgres.server()).connect(Role.SUPERUSER);
            return CompletableFuture.runAsync(
                    () -> {
                        try (visitor) {
                            visitor.createStatement().execute("select 1");
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, OwnThread.EACH));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
