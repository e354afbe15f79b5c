package runbook.migrations.individualprocessstatus;

import static org.assertj.core.api.Assertions.assertThat;
import static runbook.migrations.individualprocessstatus.Statuses.MIGRATION;
import static runbook.migrations.individualprocessstatus.Statuses.addStatus;
import static runbook.migrations.individualprocessstatus.Statuses.history;
import static runbook.migrations.individualprocessstatus.Statuses.update;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.sample.SqlFolder;

/** The two ends: back to the legacy shape as it was, or on without it. */
class EndScriptsTest {

    /** Everything of ours and of the application, as the catalog tells it; tables that are kept aside are left out. */
    private static final String SHAPE = """
            select told from (
                select 'column ' || a.attrelid::regclass || '.' || attname || ' ' || atttypid::regtype
                from pg_attribute a join pg_class c on c.oid = a.attrelid
                where c.relnamespace = 'individual_process_status'::regnamespace and attnum > 0 and relkind in ('r', 'v')
                union all select 'trigger ' || tgname || ' on ' || tgrelid::regclass from pg_trigger
                union all select 'function ' || oid::regprocedure from pg_proc
                where pronamespace = 'individual_process_status'::regnamespace
                union all select 'view ' || pg_get_viewdef(oid) from pg_class
                where relnamespace = 'individual_process_status'::regnamespace and relkind = 'v'
                union all select 'right ' || oid::regclass || ' ' || relacl::text from pg_class
                where relnamespace = 'individual_process_status'::regnamespace
                union all select 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid)
                from pg_constraint where connamespace = 'individual_process_status'::regnamespace
                union all select 'index or sequence ' || oid::regclass from pg_class
                where relnamespace = 'individual_process_status'::regnamespace and relkind in ('i', 'S')
                union all select 'policy ' || polname from pg_policy) shape (told)
            order by told""";

    private static final String NEW_LIST = """
            create or replace view individual_process_status.individual_process_list as
            select p.id, p.client_id, p.title, s.status_name as status, p.created_by, p.created_at, p.updated_by,
                p.updated_at
            from individual_process_status.individual_processes p
            left join individual_process_status.individual_process_statuses s
                on s.individual_process_id = p.id and s.is_active""";

    /** As the engine puts it back, before anything else is undone. */
    private static final String OLD_LIST = """
            create or replace view individual_process_status.individual_process_list as
            select id, client_id, title, status, created_by, created_at, updated_by, updated_at
            from individual_process_status.individual_processes""";

    @RegisterExtension
    final TestPostgres postgres = Statuses.unmirrored();

    private Connection owner;
    private Session app;

    @BeforeEach
    void connect() throws Exception {
        owner = postgres.database().connect(Role.RUNBOOK);
        app = new Session(postgres.database(), Role.APP);
    }

    @AfterEach
    void disconnect() throws Exception {
        owner.close();
        app.close();
    }

    private void own(String sql) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> rows(String query) throws SQLException {
        try (Session session = new Session(postgres.database(), Role.RUNBOOK)) {
            return session.rows(query);
        }
    }

    private void expandAndCopy() throws SQLException {
        SqlFolder.run(owner, MIGRATION, "schema");
        own("set runbook.mirror = 'on'; " + Statuses.BATCH + "; reset runbook.mirror");
        SqlFolder.run(owner, MIGRATION, "constraints");
        own(NEW_LIST);
    }

    private void archive(String run) throws SQLException {
        own("create schema if not exists runbook_archive");
        for (String table : List.of("individual_process_statuses", "individual_process_status_claims")) {
            own("alter table individual_process_status." + table + " set schema runbook_archive");
            own("alter table runbook_archive." + table + " rename to " + table + "_" + run);
        }
    }

    @Test
    void the_way_back_leaves_the_legacy_shape_as_it_was_with_the_writes_made_since() throws Exception {
        List<String> before = rows(SHAPE);
        expandAndCopy();
        app.run(update(1, "b"));
        app.run(addStatus(2, "c"));
        app.commit();

        own(OLD_LIST);
        SqlFolder.run(owner, MIGRATION, "undo");
        SqlFolder.run(owner, MIGRATION, "undo");
        archive("first");
        SqlFolder.run(owner, MIGRATION, "undo");

        assertThat(rows(SHAPE)).isEqualTo(before);
        assertThat(rows("select status from individual_process_status.individual_process_list order by id limit 3"))
                .containsExactly("b", "c", "a3");
    }

    @Test
    void after_the_way_back_everything_can_be_done_again_and_archived_again() throws Exception {
        for (String run : List.of("first", "second")) {
            expandAndCopy();
            app.run(update(1, run));
            app.commit();
            own(OLD_LIST);
            SqlFolder.run(owner, MIGRATION, "undo");
            archive(run);
        }

        expandAndCopy();
        assertThat(rows(history(1))).containsExactly("second migrated by 2 *");
        assertThat(rows("select count(*) from runbook_archive.individual_process_statuses_first"))
                .containsExactly("11");
    }

    @Test
    void a_half_applied_schema_is_undone_too() throws Exception {
        List<String> before = rows(SHAPE);
        SqlFolder.run(owner, MIGRATION, "schema", "V01");
        SqlFolder.run(owner, MIGRATION, "schema", "V02");

        SqlFolder.run(owner, MIGRATION, "undo");
        archive("half");

        assertThat(rows(SHAPE)).isEqualTo(before);
    }

    @Test
    void clean_up_leaves_a_shape_that_needs_neither_mirror_nor_flag() throws Exception {
        expandAndCopy();
        owner.setAutoCommit(false);
        SqlFolder.runWithin(owner, MIGRATION, "cleanup");
        own("alter table individual_process_status.individual_processes rename column status to retired_status");
        own("create schema runbook_archive");
        own("alter table individual_process_status.individual_process_status_claims set schema runbook_archive");
        own("update runbook.flag set per_mille = 0");
        owner.commit();
        SqlFolder.run(owner, MIGRATION, "final");

        app.run("set local runbook.mirror = 'on'; " + addStatus(1, "b"));
        app.run("insert into individual_process_status.individual_processes (id, client_id) values (60, 3)");
        app.run(addStatus(60, "new"));
        app.run("delete from individual_process_status.individual_processes where id = 2");
        app.run("update individual_process_status.individual_processes set id = 70 where id = 3");
        app.commit();

        assertThat(rows(history(1))).containsExactly("a1 migrated by 2", "b added by 1 *");
        assertThat(rows(history(60))).containsExactly("new added by 1 *");
        assertThat(rows(history(2))).isEmpty();
        assertThat(rows(history(70))).containsExactly("a3 migrated by 2 *");
        assertThat(rows("select status from individual_process_status.individual_process_list where id = 1"))
                .containsExactly("b");
        assertThat(rows("select retired_status from individual_process_status.individual_processes where id = 1"))
                .containsExactly("a1");
        assertThat(rows("select tgname from pg_trigger where tgname like '%runbook%'"))
                .isEmpty();
        own("drop schema runbook cascade");
        app.run(addStatus(1, "c"));
    }
}
