package runbook.migrations.individualprocessstatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static runbook.migrations.individualprocessstatus.Statuses.addStatus;
import static runbook.migrations.individualprocessstatus.Statuses.history;
import static runbook.migrations.individualprocessstatus.Statuses.update;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;

/** Who may add a status and who sees which, and that the application got no other right. */
class NewWayTest {

    private static final String SCHEMA = "individual_process_status.";

    @RegisterExtension
    final TestPostgres postgres = Statuses.mirrored();

    private Session app;
    private Session owner;

    @BeforeEach
    void connect() throws Exception {
        app = new Session(postgres.database(), Role.APP);
        owner = new Session(postgres.database(), Role.RUNBOOK);
        owner.run("update individual_process_status.individual_processes set client_id = 4 where id > 8");
        owner.run("set local runbook.mirror = 'on'; " + Statuses.BATCH);
        owner.commit();
    }

    @AfterEach
    void disconnect() throws Exception {
        app.close();
        owner.close();
    }

    private long seen(String user, String relation) throws SQLException {
        app.rollback();
        app.run("set local individual_process_status.user_id = '" + user + "'");
        return app.run("select count(*) from " + SCHEMA + relation);
    }

    @Test
    void an_admin_adds_a_status_and_the_legacy_field_follows() throws Exception {
        app.run(addStatus(1, "b"));
        app.run(addStatus(1, "b"));
        app.commit();

        assertThat(owner.rows(history(1))).containsExactly("a1 migrated by 2", "b added by 1", "b added by 1 *");
        assertThat(owner.rows("select status || ' ' || updated_by || ' ' || (updated_at is not null) from " + SCHEMA
                        + "individual_processes where id = 1"))
                .containsExactly("b 1 true");
    }

    @Test
    void nobody_else_may_add_a_status() throws Exception {
        for (String user : List.of("2", "3", "77", "")) {
            assertThatThrownBy(() -> app.run(addStatus(1, "b").replace("'1'", "'" + user + "'")))
                    .hasMessageContaining("Only admins may update the status")
                    .hasFieldOrPropertyWithValue("SQLState", "42501");
            app.rollback();
        }
    }

    @Test
    void a_switched_off_system_says_so_and_leaves_the_old_way() throws Exception {
        owner.run("update runbook.flag set per_mille = 0");
        owner.commit();

        assertThat(app.rows("select " + SCHEMA + "new_status_system()")).containsExactly("f");
        assertThatThrownBy(() -> app.run(addStatus(1, "b")))
                .hasMessageContaining("New status system temporarily disabled")
                .hasFieldOrPropertyWithValue("SQLState", "RB001");
        app.rollback();
        assertThat(app.run(update(1, "b"))).isOne();
    }

    @Test
    void a_process_that_does_not_exist_gets_no_status() {
        assertThatThrownBy(() -> app.run(addStatus(999, "b")))
                .hasMessageContaining("Individual process 999 does not exist, so no status was added");
    }

    @Test
    void a_client_sees_their_own_processes_and_an_admin_all() throws Exception {
        for (String relation :
                List.of("client_individual_processes", "individual_process_timeline", "individual_process_statuses")) {
            assertThat(seen("3", relation)).as(relation).isEqualTo(8);
            assertThat(seen("4", relation)).as(relation).isEqualTo(2);
            assertThat(seen("2", relation)).as(relation).isZero();
            assertThat(seen("", relation)).as(relation).isZero();
            assertThat(seen("1", relation)).as(relation).isEqualTo(10);
        }
    }

    @Test
    void the_timeline_tells_who_and_when_in_order() throws Exception {
        app.run(update(1, "b"));
        app.commit();
        app.run("set local individual_process_status.user_id = '3'");

        assertThat(app.rows("select status_name || ' ' || changed_by_name || ' ' || is_active from " + SCHEMA
                        + "individual_process_timeline where individual_process_id = 1"))
                .containsExactly("a1 Bruno false", "b Ana true");
    }

    @Test
    void a_condition_with_a_side_effect_sees_no_row_of_another_client() throws Exception {
        app.run("create function pg_temp.tell(text) returns boolean language plpgsql cost 0.0000001 as"
                + " $$ begin if $1 in ('a9', 'a10') then raise exception 'seen %', $1; end if; return true; end $$");
        app.run("set local individual_process_status.user_id = '3'");

        assertThat(app.rows("select id from " + SCHEMA + "client_individual_processes where pg_temp.tell(status)"))
                .hasSize(8);
        assertThat(app.rows("select id from " + SCHEMA + "individual_process_timeline where pg_temp.tell(status_name)"))
                .hasSize(8);
    }

    @Test
    void the_application_gets_no_other_right() throws Exception {
        for (String forbidden : List.of(
                "insert into " + SCHEMA
                        + "individual_process_statuses (individual_process_id, is_active) values (1, true)",
                "update " + SCHEMA + "individual_process_statuses set notes = 'x'",
                "delete from " + SCHEMA + "individual_process_statuses",
                "select * from " + SCHEMA + "individual_process_status_claims",
                "select * from " + SCHEMA + "departed_users",
                "select nextval('" + SCHEMA + "individual_process_status_positions')",
                "select " + SCHEMA + "cleanup_status_records(1)",
                "select " + SCHEMA + "recopy(1)",
                "select " + SCHEMA + "record_legacy_status(1, 1)",
                "select " + SCHEMA + "existing_user(1)",
                "select runbook.stopped()")) {
            assertThatThrownBy(() -> app.run(forbidden)).as(forbidden).hasFieldOrPropertyWithValue("SQLState", "42501");
            app.rollback();
        }
    }

    @Test
    void no_function_that_acts_as_its_owner_can_be_led_astray() throws Exception {
        assertThat(owner.rows(
                        "select proname from pg_proc where pronamespace = 'individual_process_status'::regnamespace"
                                + " and proname <> 'current_user_id'"
                                + " and (not prosecdef or not 'search_path=\"\"' = any (proconfig)"
                                + " or has_function_privilege('approver', oid, 'execute'))"))
                .isEmpty();
    }

    @Test
    void whoever_could_read_or_write_before_can_afterwards() throws Exception {
        try (Session admin = new Session(postgres.database(), Role.SUPERUSER)) {
            assertThat(admin.rows("select has_table_privilege('app', '" + SCHEMA
                            + "individual_process_timeline', 'select')::text || has_table_privilege('approver', '"
                            + SCHEMA
                            + "individual_process_timeline', 'select')"))
                    .containsExactly("truefalse");
        }
    }
}
