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

/** What an application may do to a mirrored table, and what must become of it in the other shape. */
class MirrorRulesTest {

    private static final String PROCESSES = "individual_process_status.individual_processes";
    private static final String STATUSES = "individual_process_status.individual_process_statuses";

    @RegisterExtension
    final TestPostgres postgres = Statuses.mirrored();

    private Session app;
    private Session other;
    private Session owner;

    @BeforeEach
    void connect() throws Exception {
        app = new Session(postgres.database(), Role.APP);
        other = new Session(postgres.database(), Role.APP);
        owner = new Session(postgres.database(), Role.RUNBOOK);
    }

    @AfterEach
    void disconnect() throws Exception {
        app.close();
        other.close();
        owner.close();
    }

    private void write(String sql) throws SQLException {
        app.run(sql);
        app.commit();
    }

    private void own(String sql) throws SQLException {
        owner.run(sql);
        owner.commit();
    }

    private void expectHistory(long process, String... rows) throws SQLException {
        owner.rollback();
        assertThat(owner.rows(history(process))).containsExactly(rows);
    }

    private String legacyStatus(long process) throws SQLException {
        owner.rollback();
        return owner.rows("select status from " + PROCESSES + " where id = " + process)
                .get(0);
    }

    @Test
    void the_same_value_again_is_no_change_and_another_column_neither() throws Exception {
        write(update(1, "a1"));
        write("update " + PROCESSES + " set title = 'x' where id = 1");

        expectHistory(1);
    }

    @Test
    void null_and_blank_are_values_like_others() throws Exception {
        write("update " + PROCESSES + " set status = null where id = 1");
        write(update(1, ""));
        write(update(1, " b "));

        expectHistory(1, "a1 migrated by 2", "null mirrored by nobody", " mirrored by 1", " b  mirrored by 1 *");
    }

    @Test
    void a_user_who_has_left_counts_as_nobody() throws Exception {
        write("update " + PROCESSES + " set status = 'b', updated_by = 77 where id = 1");
        write("insert into " + PROCESSES + " (id, status, created_by) values (60, 'n', 78)");

        expectHistory(1, "a1 migrated by 2", "b mirrored by nobody *");
        expectHistory(60, "n mirrored by nobody *");
    }

    @Test
    void an_insert_that_meets_a_conflict_writes_no_status() throws Exception {
        write("insert into " + PROCESSES + " (id, status) values (1, 'b') on conflict do nothing");
        expectHistory(1);

        write("insert into " + PROCESSES + " (id, status) values (1, 'b') on conflict (id) do update set status = 'c'");
        expectHistory(1, "a1 migrated by 2", "c mirrored by nobody *");
    }

    @Test
    void no_setting_of_a_session_loses_a_write() throws Exception {
        write("set runbook.mirror = 'on'; " + update(1, "b"));

        expectHistory(1, "a1 migrated by 2", "b mirrored by 1 *");
    }

    @Test
    void a_before_trigger_of_the_application_is_mirrored_whatever_its_name() throws Exception {
        own("create function public.upper_status() returns trigger language plpgsql as"
                + " $$ begin new.status := upper(new.title || 'ok'); return new; end $$;"
                + "create trigger zzz_upper before update on " + PROCESSES
                + " for each row execute function public.upper_status()");

        write("update " + PROCESSES + " set title = 'x' where id = 1");

        expectHistory(1, "a1 migrated by 2", "XOK mirrored by nobody *");
    }

    @Test
    void what_a_trigger_of_the_application_writes_elsewhere_is_mirrored_too() throws Exception {
        own("create function public.chain() returns trigger language plpgsql security definer as $$ begin update "
                + PROCESSES + " set status = 'chained' where id = 5; return null; end $$;"
                + "create trigger aa_chain after update on " + PROCESSES
                + " for each row when (new.id = 1) execute function public.chain()");

        write(update(1, "b"));

        expectHistory(5, "a5 migrated by 2", "chained mirrored by nobody *");
    }

    @Test
    void an_after_trigger_of_the_application_that_changes_the_next_row_loses_no_value_before() throws Exception {
        own("create function public.chain() returns trigger language plpgsql security definer as $$ begin update "
                + PROCESSES + " set status = 'chained' where id = new.id + 1 and id < 4 and status <> 'chained';"
                + " return null; end $$;"
                + "create trigger aa_chain after update on " + PROCESSES
                + " for each row execute function public.chain()");

        write("update " + PROCESSES + " set status = 'b' where id in (1, 2, 3)");

        expectHistory(1, "a1 migrated by 2", "b mirrored by nobody *");
        expectHistory(2, "a2 migrated by 2", "chained mirrored by nobody *");
        expectHistory(3, "a3 migrated by 2", "chained mirrored by nobody *");
    }

    @Test
    void statuses_stand_in_the_order_of_the_lock_not_of_the_call() throws Exception {
        app.run(update(1, "first"));
        other.runIntoWait(addStatus(1, "second"));
        owner.rollback();

        app.run("update " + PROCESSES + " set status = 'first again' where id = 1");
        app.commit();
        other.ends();
        other.commit();

        expectHistory(1, "a1 migrated by 2", "first mirrored by 1", "first again mirrored by 1", "second added by 1 *");
        assertThat(owner.rows("select string_agg(status_name, ',' order by changed_at, position) from " + STATUSES
                        + " where notes is null or notes like 'Changed%'"))
                .containsExactly("first,first again,second");
        assertThat(legacyStatus(1)).isEqualTo("second");
    }

    @Test
    void a_status_written_by_hand_stands_behind_what_it_waited_for() throws Exception {
        app.run(update(1, "first"));
        owner.runIntoWait("insert into " + STATUSES + " (individual_process_id, status_name, is_active, changed_by)"
                + " values (1, 'second', true, 1)");

        app.run(update(1, "first again"));
        app.commit();
        owner.ends();
        owner.commit();

        expectHistory(1, "a1 migrated by 2", "first mirrored by 1", "first again mirrored by 1", "second added by 1 *");
    }

    @Test
    void a_status_written_by_hand_reaches_the_legacy_field() throws Exception {
        own("insert into " + STATUSES + " (individual_process_id, status_name, is_active, changed_by)"
                + " values (1, 'b', true, 1), (1, 'c', true, 1), (1, 'old', false, 1)");
        assertThat(legacyStatus(1)).isEqualTo("c");

        own("update " + STATUSES + " set status_name = 'd' where individual_process_id = 1 and is_active");
        assertThat(legacyStatus(1)).isEqualTo("d");
    }

    @Test
    void a_status_changed_by_hand_gives_way_to_the_application_at_once() throws Exception {
        write(update(1, "b"));
        app.run("update " + PROCESSES + " set title = 'x' where id = 1");

        assertThatThrownBy(() ->
                        owner.run("update " + STATUSES + " set is_active = false where individual_process_id = 1"))
                .hasFieldOrPropertyWithValue("SQLState", "55P03");
    }

    @Test
    void a_status_for_a_process_that_does_not_exist_is_refused() throws Exception {
        assertThatThrownBy(() -> owner.run("insert into " + STATUSES
                        + " (individual_process_id, status_name, is_active) values (999, 'b', true)"))
                .hasMessageContaining("individual process 999, which does not exist");
    }

    @Test
    void truncate_is_refused_on_every_table() throws Exception {
        for (String table : List.of(PROCESSES, STATUSES, "individual_process_status.users")) {
            assertThatThrownBy(() -> owner.run("truncate " + table))
                    .hasMessageContaining(table + " is being migrated and cannot be truncated");
            owner.rollback();
        }
    }

    @Test
    void a_stop_fails_no_statement_and_keeps_what_must_be_copied_again() throws Exception {
        write(update(1, "b"));
        own("select runbook.stop('test')");

        write(update(1, "c"));
        write(update(2, "d"));
        write("delete from " + PROCESSES + " where id = 3");
        expectHistory(1, "a1 migrated by 2", "b mirrored by 1 *");
        assertThat(legacyStatus(1)).isEqualTo("c");
        assertThat(owner.rows("select key ->> 'id' from runbook.journal order by id"))
                .containsExactly("1", "2", "3");

        own("delete from runbook.stop");
        own("select individual_process_status.recopy((key ->> 'id')::bigint) from runbook.journal");
        expectHistory(1, "a1 migrated by 2", "b mirrored by 1", "c mirrored by 1 *");
        expectHistory(2, "d migrated by 2 *");
        expectHistory(3);
    }

    @Test
    void the_clean_up_of_one_process_lets_it_be_copied_anew() throws Exception {
        write(update(1, "b"));
        write(update(2, "c"));

        assertThat(owner.run("select individual_process_status.cleanup_status_records(1)"))
                .isEqualTo(2);
        owner.commit();

        assertThat(legacyStatus(1)).isEqualTo("b");
        owner.run(Statuses.batchOf(1, "0"));
        owner.commit();
        expectHistory(1, "b migrated by 2 *");
        assertThat(owner.run("select individual_process_status.cleanup_status_records(null)"))
                .isEqualTo(3);
        assertThat(owner.run("select individual_process_status.cleanup_status_records(null)"))
                .isZero();
    }

    @Test
    void a_new_number_takes_the_history_along_whoever_copies_first() throws Exception {
        app.run("update individual_process_status.individual_processes set id = 51 where id = 1");
        owner.runIntoWait(Statuses.batchOf(1, "0"));
        app.commit();
        assertThat(owner.ends()).isZero();
        owner.commit();

        owner.run(Statuses.batchOf(2, "0"));
        owner.commit();
        app.run("update individual_process_status.individual_processes set id = 52, status = 'b' where id = 2");
        app.commit();

        assertThat(owner.run(Statuses.batchOf(51, "0")) + owner.run(Statuses.batchOf(52, "0")))
                .isZero();
        owner.commit();
        expectHistory(1);
        expectHistory(51, "a1 migrated by 2 *");
        expectHistory(52, "a2 migrated by 2", "b mirrored by nobody *");
    }
}
