package runbook.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.engine.Pulse;
import runbook.engine.RunbookException;
import runbook.engine.Target;
import runbook.engine.Targets;

class RestoreTest {

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
    void one_table_comes_back_and_the_others_stay_as_they_are() throws Exception {
        run(
                "update shop.orders set status = 'sent' where id <= 10",
                "delete from shop.orders where id between 11 and 15",
                "insert into shop.orders (customer, status) select 1, 'new' from generate_series(1, 3)",
                "delete from shop.visits");

        RestoreFacts facts = restore(RestoreRequest.only("shop.orders"));

        assertThat(facts.applied()).isTrue();
        assertThat(facts.tables()).containsExactly(new TableRestore("shop.orders", false, 5, 3, 10, 0));
        assertThat(Shop.count(target, "shop.orders where status = 'open'")).isEqualTo(200);
        assertThat(Shop.count(target, "shop.orders")).isEqualTo(200);
        assertThat(Shop.count(target, "shop.visits")).isZero();
    }

    @Test
    void a_dry_run_tells_the_same_and_changes_nothing() throws Exception {
        run("update shop.orders set status = 'sent' where id = 1", "delete from shop.visits");

        RestoreFacts told = restore(ALL.dry());
        assertThat(told.applied()).isFalse();
        assertThat(told.tables())
                .contains(
                        new TableRestore("shop.orders", false, 0, 0, 1, 0),
                        new TableRestore("shop.visits", false, 30, 0, 0, 0));
        assertThat(Shop.count(target, "shop.orders where status = 'sent'")).isEqualTo(1);
        assertThat(Shop.count(target, "shop.visits")).isZero();

        assertThat(restore(ALL).tables()).containsExactlyElementsOf(told.tables());
        assertThat(restore(ALL.dry()).tables())
                .allSatisfy(table -> assertThat(table.onlyInBackup() + table.onlyInTable() + table.different())
                        .isZero());
    }

    @Test
    void triggers_see_the_rows_that_change_and_no_others() throws Exception {
        run(
                "create table shop.seen (what text, id bigint)",
                "create function shop.see() returns trigger language plpgsql as $$ begin"
                        + " insert into shop.seen values (tg_op, coalesce(new.id, old.id)); return null; end $$",
                "update shop.orders set status = 'sent' where id = 4",
                "delete from shop.orders where id = 5",
                "insert into shop.orders (id, customer) values (1000, 1)",
                "create trigger mirror after insert or update or delete on shop.orders"
                        + " for each row execute function shop.see()");

        restore(ALL);

        assertThat(target.dsl()
                        .fetch("select what, id from shop.seen order by id")
                        .formatCSV(false))
                .isEqualToIgnoringNewLines("UPDATE,4\nINSERT,5\nDELETE,1000\n");
    }

    @Test
    void a_row_that_moved_to_a_later_parent_moves_back_before_that_parent_goes() throws Exception {
        run(
                "alter table shop.orders drop constraint orders_customer_fkey",
                "alter table shop.orders add foreign key (customer) references shop.customers on delete cascade",
                "insert into shop.customers (email, credit) values ('later@example.org', 1)",
                "update shop.orders set customer = 51 where id = 8",
                "delete from shop.orders where customer = 2",
                "delete from shop.customers where id = 2");

        assertThat(restore(ALL).tables())
                .allSatisfy(table -> assertThat(table.remaining()).isZero());
        assertThat(Shop.count(target, "shop.customers")).isEqualTo(50);
        assertThat(Shop.count(target, "shop.orders")).isEqualTo(200);
    }

    @Test
    void rows_elsewhere_that_go_along_are_told_before() throws Exception {
        run(
                "create table shop.notes (customer bigint references shop.customers on delete cascade)",
                "insert into shop.customers (email, credit) values ('later@example.org', 1)",
                "insert into shop.notes values (51)");

        assertThat(restore(RestoreRequest.only("shop.customers").dry()).notes())
                .containsExactly(
                        "1 rows of shop.customers are not in the backup; by foreign key notes_customer_fkey their"
                                + " rows in shop.notes go with them");
        assertThat(Shop.count(target, "shop.notes")).isEqualTo(1);
    }

    @Test
    void equal_rows_without_a_key_come_back_in_their_number() throws Exception {
        run(
                "delete from shop.visits where ctid in (select ctid from shop.visits where page = 'page 1' limit 4)",
                "insert into shop.visits select 'page 2', 0 from generate_series(1, 7)",
                "insert into shop.visits values (null, null)");

        assertThat(restore(ALL).tables()).contains(new TableRestore("shop.visits", false, 4, 8, 0, 0));

        assertThat(target.dsl()
                        .fetch("select count(*) from shop.visits group by page order by page")
                        .getValues(0, Long.class))
                .containsExactly(10L, 10L, 10L);
    }

    @Test
    void a_dropped_table_is_made_again_with_its_sequence_and_its_references() throws Exception {
        run("drop table shop.orders");

        RestoreFacts facts = restore(RestoreRequest.only("shop.orders"));

        assertThat(facts.tables()).containsExactly(new TableRestore("shop.orders", true, 200, 0, 0, 0));
        run("insert into shop.orders (customer) values (1)");
        assertThat(Shop.count(target, "shop.orders where id = 201")).isEqualTo(1);
        assertThatThrownBy(() -> run("insert into shop.orders (customer) values (999)"))
                .hasMessageContaining("orders_customer_fkey");
    }

    @Test
    void sequences_never_go_back() throws Exception {
        run("select setval('shop.orders_id_seq', 5000)", "alter sequence shop.customers_id_seq restart");

        restore(ALL);

        assertThat(target.dsl()
                        .fetchSingle("select nextval('shop.orders_id_seq')")
                        .get(0))
                .isEqualTo(5001L);
        assertThat(target.dsl()
                        .fetchSingle("select nextval('shop.customers_id_seq')")
                        .get(0))
                .isEqualTo(51L);
    }

    @Test
    void copies_beside_the_tables_leave_the_tables_alone() throws Exception {
        run("update shop.orders set status = 'sent'");

        RestoreFacts facts = restore(RestoreRequest.only("shop.orders").aside("look here"));

        assertThat(facts.tables()).containsExactly(new TableRestore("look here.orders", true, 200, 0, 0, 0));
        assertThat(Shop.count(target, "\"look here\".orders where status = 'open'"))
                .isEqualTo(200);
        assertThat(Shop.count(target, "shop.orders where status = 'sent'")).isEqualTo(200);
        assertThatThrownBy(() -> restore(RestoreRequest.only("shop.orders").aside("look here")))
                .hasMessageContaining("look here.orders is there already");
    }

    @Test
    void columns_that_came_later_are_left_alone_and_missing_ones_are_an_error() throws Exception {
        run(
                "alter table shop.customers add column later text default 'mine'",
                "update shop.customers set credit = 1, later = 'kept'",
                "delete from shop.customers c where not exists (select from shop.orders o where o.customer = c.id)");
        restore(RestoreRequest.only("shop.customers"));
        assertThat(Shop.count(target, "shop.customers where later = 'kept' and credit = 100"))
                .isEqualTo(50);

        run(
                "alter table shop.customers rename column credit to retired_credit",
                "alter table shop.orders alter column status type varchar(9)");
        assertThatThrownBy(() -> restore(ALL))
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining("shop.customers: no column 'credit'; expected one of type integer")
                .hasMessageContaining("shop.orders: column 'status' is character varying(9), expected text")
                .hasMessageContaining("Nothing was changed.");
    }

    @Test
    void rows_that_a_trigger_of_the_table_changes_are_counted() throws Exception {
        run(
                "create function shop.stamp() returns trigger language plpgsql as"
                        + " $$ begin new.status = 'stamped'; return new; end $$",
                "delete from shop.orders where id <= 3",
                "create trigger stamp before insert or update on shop.orders for each row execute function shop.stamp()");

        assertThat(restore(RestoreRequest.only("shop.orders")).tables())
                .containsExactly(new TableRestore("shop.orders", false, 3, 0, 0, 3));
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
