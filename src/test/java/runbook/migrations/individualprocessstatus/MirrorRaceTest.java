package runbook.migrations.individualprocessstatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static runbook.migrations.individualprocessstatus.Statuses.addStatus;
import static runbook.migrations.individualprocessstatus.Statuses.batchOf;
import static runbook.migrations.individualprocessstatus.Statuses.history;
import static runbook.migrations.individualprocessstatus.Statuses.update;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;

/** A batch and the application at the same process: every order in which the two can meet, forced. */
class MirrorRaceTest {

    private static final String PATIENT = "0";
    private static final String GIVES_WAY = "50ms";

    /** Stops a batch after it has read its rows and before it claims them, while the key is held. */
    private static final String STOP_BEFORE_CLAIM = """
            create function public.stop_here() returns trigger language plpgsql as
            $$ begin perform pg_advisory_xact_lock_shared(42); return new; end $$;
            create trigger stop_here before insert on individual_process_status.individual_process_status_claims
            for each row when (new.claimed_by = 'backfill') execute function public.stop_here()""";

    @RegisterExtension
    final TestPostgres postgres = Statuses.mirrored();

    private Session app;
    private Session batch;
    private Session watcher;

    @BeforeEach
    void connect() throws Exception {
        app = new Session(postgres.database(), Role.APP);
        batch = new Session(postgres.database(), Role.RUNBOOK);
        watcher = new Session(postgres.database(), Role.RUNBOOK);
    }

    @AfterEach
    void disconnect() throws Exception {
        app.close();
        batch.close();
        watcher.close();
    }

    private void expectHistory(long process, String... rows) throws SQLException {
        watcher.rollback();
        assertThat(watcher.rows(history(process))).containsExactly(rows);
    }

    private void stopBatchesBeforeTheyClaim() throws SQLException {
        watcher.run(STOP_BEFORE_CLAIM);
        watcher.commit();
        watcher.run("select pg_advisory_lock(42)");
        watcher.commit();
    }

    private void letBatchesGoOn() throws SQLException {
        watcher.run("select pg_advisory_unlock(42)");
        watcher.commit();
    }

    @Test
    void a_change_between_read_and_claim_keeps_the_value_before() throws Exception {
        stopBatchesBeforeTheyClaim();
        batch.runIntoWait(batchOf(1, PATIENT));

        app.run(update(1, "b"));
        app.commit();
        letBatchesGoOn();

        assertThat(batch.ends()).isZero();
        batch.commit();
        expectHistory(1, "a1 migrated by 2", "b mirrored by 1 *");
    }

    @Test
    void a_change_that_is_not_committed_when_the_batch_claims_makes_the_batch_give_way() throws Exception {
        app.run(update(1, "b"));

        assertThatThrownBy(() -> batch.run(batchOf(1, GIVES_WAY))).hasFieldOrPropertyWithValue("SQLState", "55P03");

        batch.rollback();
        app.commit();
        assertThat(batch.run(batchOf(1, GIVES_WAY))).isZero();
        batch.commit();
        expectHistory(1, "a1 migrated by 2", "b mirrored by 1 *");
    }

    @Test
    void a_change_that_is_taken_back_leaves_the_process_to_the_batch() throws Exception {
        app.run(update(1, "b"));
        batch.runIntoWait(batchOf(1, PATIENT));

        app.rollback();

        assertThat(batch.ends()).isOne();
        batch.commit();
        expectHistory(1, "a1 migrated by 2 *");
    }

    @Test
    void a_change_waits_for_a_batch_that_has_copied_and_comes_after_it() throws Exception {
        assertThat(batch.run(batchOf(1, PATIENT))).isOne();
        app.runIntoWait(update(1, "b"));

        batch.commit();

        assertThat(app.ends()).isOne();
        app.commit();
        expectHistory(1, "a1 migrated by 2", "b mirrored by 1 *");
    }

    @Test
    void a_change_brings_over_by_itself_what_a_killed_batch_has_not() throws Exception {
        batch.run(batchOf(1, PATIENT));
        app.runIntoWait(update(1, "b"));

        batch.rollback();

        assertThat(app.ends()).isOne();
        app.commit();
        assertThat(batch.run(batchOf(1, PATIENT))).isZero();
        batch.commit();
        expectHistory(1, "a1 migrated by 2", "b mirrored by 1 *");
    }

    @Test
    void a_zombie_that_repeats_a_running_batch_copies_nothing_twice() throws Exception {
        batch.run(batchOf(1, PATIENT));
        watcher.runIntoWait(batchOf(1, PATIENT));

        batch.commit();

        assertThat(watcher.ends()).isZero();
        watcher.commit();
        expectHistory(1, "a1 migrated by 2 *");
    }

    @Test
    void a_delete_waits_for_a_batch_that_has_read_and_leaves_no_orphan() throws Exception {
        stopBatchesBeforeTheyClaim();
        batch.runIntoWait(batchOf(1, PATIENT));
        app.runIntoWait("delete from individual_process_status.individual_processes where id = 1");

        letBatchesGoOn();
        assertThat(batch.ends()).isOne();
        batch.commit();

        assertThat(app.ends()).isOne();
        app.commit();
        expectHistory(1);
    }

    @Test
    void a_batch_does_not_bring_a_deleted_process_back() throws Exception {
        app.run("delete from individual_process_status.individual_processes where id = 1");
        batch.runIntoWait(batchOf(1, PATIENT));

        app.commit();

        assertThat(batch.ends()).isZero();
        batch.commit();
        expectHistory(1);
    }

    @Test
    void a_process_that_is_brought_back_starts_a_new_history() throws Exception {
        app.run(update(1, "b"));
        app.run("delete from individual_process_status.individual_processes where id = 1");
        app.run(
                "insert into individual_process_status.individual_processes (id, status, created_by) values (1, 'c', 2)");
        app.commit();

        assertThat(batch.run(batchOf(1, PATIENT))).isZero();
        batch.commit();
        expectHistory(1, "c mirrored by 2 *");
    }

    @Test
    void a_new_number_takes_the_history_along_whoever_copies_first() throws Exception {
        app.run("update individual_process_status.individual_processes set id = 51 where id = 1");
        batch.runIntoWait(batchOf(1, PATIENT));
        app.commit();
        assertThat(batch.ends()).isZero();
        batch.commit();

        batch.run(batchOf(2, PATIENT));
        batch.commit();
        app.run("update individual_process_status.individual_processes set id = 52, status = 'b' where id = 2");
        app.commit();

        assertThat(batch.run(batchOf(51, PATIENT)) + batch.run(batchOf(52, PATIENT)))
                .isZero();
        batch.commit();
        expectHistory(1);
        expectHistory(51, "a1 migrated by 2 *");
        expectHistory(52, "a2 migrated by 2", "b mirrored by nobody *");
    }

    @Test
    void a_status_added_between_read_and_claim_keeps_the_value_before() throws Exception {
        stopBatchesBeforeTheyClaim();
        batch.runIntoWait(batchOf(1, PATIENT));

        app.run(addStatus(1, "b"));
        app.commit();
        letBatchesGoOn();

        assertThat(batch.ends()).isZero();
        batch.commit();
        expectHistory(1, "a1 migrated by 2", "b added by 1 *");
    }

    @Test
    void a_batch_that_would_be_in_a_deadlock_is_the_one_to_end() throws Exception {
        stopBatchesBeforeTheyClaim();
        app.run(update(2, "b"));
        batch.runIntoWait("set local runbook.mirror = 'on'; set local lock_timeout = '300ms'; "
                + Statuses.BATCH.replace("order by p.id", "where p.id in (1, 2) order by p.id"));
        letBatchesGoOn();

        // The batch holds process 1 against deletion and waits for the claim of process 2, which the application holds.
        app.run("delete from individual_process_status.individual_processes where id = 1");
        app.commit();

        assertThatThrownBy(batch::ends).hasFieldOrPropertyWithValue("SQLState", "55P03");
        batch.rollback();
        expectHistory(1);
        expectHistory(2, "a2 migrated by 2", "b mirrored by 1 *");
    }

    @Test
    void an_older_snapshot_is_told_to_try_again_and_loses_nothing() throws Exception {
        app.repeatableRead();
        batch.run(batchOf(1, PATIENT));
        batch.commit();

        assertThatThrownBy(() -> app.run(update(1, "b"))).hasFieldOrPropertyWithValue("SQLState", "40001");

        app.rollback();
        app.run(update(1, "b"));
        app.commit();
        expectHistory(1, "a1 migrated by 2", "b mirrored by 1 *");
    }
}
