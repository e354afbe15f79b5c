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

/** What is built after the copy holds for what came before it, and stops no statement of the application. */
class ConstraintsTest {

    @RegisterExtension
    final TestPostgres postgres = Statuses.mirrored();

    private Session app;
    private Connection owner;

    @BeforeEach
    void connect() throws Exception {
        app = new Session(postgres.database(), Role.APP);
        owner = postgres.database().connect(Role.RUNBOOK);
        owner.createStatement().execute("set runbook.mirror = 'on'; " + Statuses.BATCH + "; reset runbook.mirror");
    }

    @AfterEach
    void disconnect() throws Exception {
        app.close();
        owner.close();
    }

    private void write(String sql) throws SQLException {
        app.run(sql);
        app.commit();
    }

    private void expectHistory(long process, String... rows) throws SQLException {
        try (Session session = new Session(postgres.database(), Role.RUNBOOK)) {
            assertThat(session.rows(history(process))).containsExactly(rows);
        }
    }

    private void retire() throws SQLException {
        SqlFolder.run(owner, MIGRATION, "constraints");
        owner.setAutoCommit(false);
        SqlFolder.runWithin(owner, MIGRATION, "cleanup");
        owner.commit();
        owner.setAutoCommit(true);
    }

    @Test
    void users_deleted_before_and_after_the_foreign_key_leave_their_statuses_to_nobody() throws Exception {
        write(update(1, "b"));
        write("delete from individual_process_status.users where id = 2");

        retire();
        SqlFolder.run(owner, MIGRATION, "final");
        expectHistory(1, "a1 migrated by nobody", "b mirrored by 1 *");

        write("delete from individual_process_status.users where id = 1");
        expectHistory(1, "a1 migrated by nobody", "b mirrored by nobody *");
    }

    @Test
    void the_sweep_waits_for_nobody_who_holds_a_status() throws Exception {
        write("delete from individual_process_status.users where id = 2");
        retire();
        SqlFolder.run(owner, MIGRATION, "final", "V01");
        app.run(addStatus(1, "b"));

        Thread sweep = new Thread(() -> {
            try {
                SqlFolder.run(owner, MIGRATION, "final", "V02");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        sweep.start();
        runbook.Eventually.holds(
                "all but the held status are swept", java.time.Duration.ofSeconds(10), () -> dangling() == 1);
        app.commit();
        sweep.join(10_000);

        assertThat(dangling()).isZero();
    }

    @Test
    void processes_are_deleted_and_renumbered_as_ever() throws Exception {
        SqlFolder.run(owner, MIGRATION, "constraints");

        write("delete from individual_process_status.individual_processes where id = 1");
        write("update individual_process_status.individual_processes set id = 52, status = 'b' where id = 2");

        expectHistory(1);
        expectHistory(52, "a2 migrated by 2", "b mirrored by nobody *");
    }

    @Test
    void every_script_can_be_run_again_after_it_was_cut_off() throws Exception {
        SqlFolder.run(owner, MIGRATION, "constraints", "V01");
        SqlFolder.run(owner, MIGRATION, "constraints", "V01");
        SqlFolder.run(owner, MIGRATION, "final", "V02");
        SqlFolder.run(owner, MIGRATION, "final", "V02");

        assertThat(dangling()).isZero();
    }

    private long dangling() throws SQLException {
        try (Session session = new Session(postgres.database(), Role.RUNBOOK)) {
            return session.run("select count(*) from individual_process_status.individual_process_statuses s"
                    + " where changed_by is not null and not exists ("
                    + "select from individual_process_status.users u where u.id = s.changed_by)");
        }
    }
}
