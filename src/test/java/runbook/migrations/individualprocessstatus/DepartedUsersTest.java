package runbook.migrations.individualprocessstatus;

import static org.assertj.core.api.Assertions.assertThat;
import static runbook.migrations.individualprocessstatus.Statuses.MIGRATION;
import static runbook.migrations.individualprocessstatus.Statuses.addStatus;
import static runbook.migrations.individualprocessstatus.Statuses.history;
import static runbook.migrations.individualprocessstatus.Statuses.update;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.sample.SqlFolder;

/** Whoever deletes a user while both shapes are in use waits for nobody, and nobody waits for them, that did not before. */
class DepartedUsersTest {

    private static final String DELETE_USER = "delete from individual_process_status.users where id = 1";

    @RegisterExtension
    final TestPostgres postgres = Statuses.mirrored();

    private Session app;
    private Session other;

    @BeforeEach
    void connect() throws Exception {
        app = new Session(postgres.database(), Role.APP);
        other = new Session(postgres.database(), Role.APP);
        try (Connection owner = postgres.database().connect(Role.RUNBOOK)) {
            owner.createStatement().execute("set runbook.mirror = 'on'; " + Statuses.BATCH + "; reset runbook.mirror");
            SqlFolder.run(owner, MIGRATION, "constraints");
        }
    }

    @AfterEach
    void disconnect() throws Exception {
        app.close();
        other.close();
    }

    private void bothEnd() throws Exception {
        app.ends();
        app.commit();
        other.ends();
        other.commit();
    }

    private String noted() throws SQLException {
        return owned(
                "select coalesce(string_agg(user_id::text, ','), '') from individual_process_status.departed_users");
    }

    private String owned(String query) throws SQLException {
        try (Session owner = new Session(postgres.database(), Role.RUNBOOK)) {
            return String.join(", ", owner.rows(query));
        }
    }

    @Test
    void the_process_of_a_deleted_user_can_be_changed_by_both() throws Exception {
        app.run(update(1, "b"));
        app.commit();
        other.run(DELETE_USER);
        app.begin(update(1, "c"));
        other.begin("update individual_process_status.individual_processes set title = 'x' where id = 1");

        bothEnd();

        assertThat(owned(history(1))).isEqualTo("a1 migrated by 2, b mirrored by 1, c mirrored by 1 *");
        assertThat(noted()).isEqualTo("1");
    }

    @Test
    void a_mirrored_status_holds_nobody_against_deletion() throws Exception {
        app.run(update(2, "b"));
        other.run(update(1, "b"));
        app.begin(DELETE_USER);
        other.begin("update individual_process_status.individual_processes set title = 'x' where id = 2");

        bothEnd();

        assertThat(owned(history(1))).isEqualTo("a1 migrated by 2, b mirrored by 1 *");
        assertThat(noted()).isEqualTo("1");
    }

    @Test
    void an_added_status_holds_nobody_against_deletion() throws Exception {
        app.run("update individual_process_status.individual_processes set title = 'x' where id = 2");
        other.run(addStatus(1, "b"));
        app.begin(DELETE_USER);
        other.begin("update individual_process_status.individual_processes set title = 'x' where id = 2");

        bothEnd();

        assertThat(owned(history(1))).isEqualTo("a1 migrated by 2, b added by 1 *");
    }

    @Test
    void an_older_snapshot_is_not_told_to_try_again_for_a_user_who_has_left() throws Exception {
        app.repeatableRead();
        other.run(DELETE_USER);
        other.commit();

        app.run("insert into individual_process_status.individual_processes (id, status, created_by)"
                + " values (60, 'n', 1)");
        app.commit();

        assertThat(owned(history(60))).isEqualTo("n mirrored by 1 *");
    }
}
