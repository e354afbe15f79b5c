package runbook.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;

/** The oracle is worth something only if it sees each kind of damage. */
class OracleTest {

    private static final String MIGRATION = "individual_process_status";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.prepared("individual_process_status_copied", owner -> {
        SqlFolder.runLegacy(owner, MIGRATION);
        Samples.named(MIGRATION).create(owner, 20, 1);
        SqlFolder.run(owner, MIGRATION, "schema");
        try (Statement statement = owner.createStatement()) {
            statement.execute(
                    "select individual_process_status.recopy(id) from individual_process_status.individual_processes");
        }
    });

    private final List<Change> changes = new ArrayList<>();
    private Connection owner;

    @BeforeEach
    void connect() throws SQLException {
        owner = postgres.database().connect(Role.RUNBOOK);
        change(Change.Kind.FOUND, 1, "draft", null);
        run("update individual_processes set status = 'draft' where id = 1");
        run("delete from individual_process_statuses where individual_process_id = 1 and not is_active");
        run("update individual_process_statuses s set notes = 'Migrated from legacy status field',"
                + " changed_by = (select id from users where id = p.created_by), changed_at = p.created_at"
                + " from individual_processes p where p.id = s.individual_process_id and p.id = 1");
        change(Change.Kind.UPDATE, 1, "approved", 5L);
        change(Change.Kind.UPDATE, 1, "approved", 6L);
        change(Change.Kind.UPDATE, 1, "completed", 7L);
        run("update individual_processes set status = 'approved', updated_by = 5 where id = 1");
        run("update individual_processes set status = 'completed', updated_by = 7 where id = 1");
    }

    @AfterEach
    void disconnect() throws SQLException {
        owner.close();
    }

    private void change(Change.Kind kind, long process, String after, Long actor) {
        String before =
                changes.isEmpty() ? null : changes.get(changes.size() - 1).after();
        changes.add(new Change(changes.size() + 1, process, kind, Change.Way.LEGACY, before, after, actor, null));
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute("set search_path = individual_process_status; " + sql);
        }
    }

    /** Around the mirrors, as nothing but a fault would do it. */
    private void damage(String sql) throws SQLException {
        run("set runbook.mirror = 'on'; " + sql);
    }

    private void expect(String... violations) throws SQLException {
        List<String> found = Oracle.check(owner, changes, 0);
        assertThat(found).hasSize(violations.length);
        for (int i = 0; i < violations.length; i++) {
            assertThat(found.get(i)).contains(violations[i]);
        }
    }

    @Test
    void finds_nothing_wrong_where_nothing_is() throws SQLException {
        expect();
        assertThat(Oracle.check(owner, changes)).isEmpty();
        assertThat(Oracle.checkLegacy(owner, changes)).isEmpty();
    }

    @Test
    void sees_a_missing_status() throws SQLException {
        damage("delete from individual_process_statuses where individual_process_id = 3");

        expect("1 processes have not exactly one active status: 3");
    }

    @Test
    void sees_an_orphan() throws SQLException {
        damage("insert into individual_process_statuses (individual_process_id, is_active, changed_at)"
                + " values (999, true, now())");

        expect("1 processes do not exist but have statuses: 999", "1 processes that nobody touched");
    }

    @Test
    void sees_a_lost_value_before() throws SQLException {
        damage("delete from individual_process_statuses where individual_process_id = 1 and status_name = 'draft'");

        expect("process 1 has ['approved'");
    }

    @Test
    void sees_a_lost_change() throws SQLException {
        damage("delete from individual_process_statuses where individual_process_id = 1 and status_name = 'approved'");

        expect("process 1 has ['draft'");
    }

    @Test
    void sees_changes_that_only_the_copy_brought_over() throws SQLException {
        damage("delete from individual_process_statuses where individual_process_id = 1 and status_name <> 'completed';"
                + "update individual_process_statuses s set notes = 'Migrated from legacy status field',"
                + " changed_at = p.created_at, changed_by = (select id from users where id = p.created_by)"
                + " from individual_processes p where p.id = s.individual_process_id and p.id = 1");

        expect("2 changes are in no history although the mirrors were there");
    }

    @Test
    void sees_a_value_twice_and_a_wrong_order() throws SQLException {
        damage("update individual_process_statuses set position = position - 1000, is_active = not is_active"
                + " where individual_process_id = 1 and status_name = 'completed'");

        expect(
                "have not exactly one active status: 1",
                "migrated status that is not their first",
                "process 1 has ['completed'");
    }

    @Test
    void sees_a_wrong_actor() throws SQLException {
        damage("update individual_process_statuses set changed_by = 6"
                + " where individual_process_id = 1 and status_name = 'approved'");

        expect("by 6");
    }

    @Test
    void sees_a_legacy_field_that_differs() throws SQLException {
        damage("alter table individual_processes disable trigger user;"
                + " update individual_processes set status = 'other' where id in (1, 5)");

        expect("2 processes have another status in the legacy field than the active one");
        assertThat(Oracle.checkLegacy(owner, changes))
                .singleElement()
                .asString()
                .contains("process 1 has 'other', not 'completed'");
    }

    @Test
    void sees_a_process_that_came_back() throws SQLException {
        changes.add(new Change(9, 4, Change.Kind.DELETE, Change.Way.LEGACY, null, null, null, null));

        expect("process 4 has [");
        assertThat(Oracle.checkLegacy(owner, changes))
                .singleElement()
                .asString()
                .contains("process 4 is there again");
    }
}
