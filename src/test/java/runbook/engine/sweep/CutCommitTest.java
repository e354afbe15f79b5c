package runbook.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import runbook.Eventually;
import runbook.cli.dev.Role;

/**
 * A connection that is cut while COMMIT is on its way or at work: what became of the batch is looked up in the database,
 * whichever way it went, and nothing goes on before it is known.
 */
@Timeout(180)
class CutCommitTest {

    private static final long ROWS = 2_000;
    private static final int ONE_SLOT = 1;

    /** COMMIT of a batch waits for a key, once it has done everything else: nobody knows yet how it ends. */
    private static final String COMMIT_WAITS = """
            create schema cut;
            create function cut.wait() returns trigger language plpgsql set lock_timeout = 0 as $$
            begin
                perform pg_catalog.pg_advisory_xact_lock_shared(42);
                return null;
            end $$;
            grant usage on schema cut to public;
            create constraint trigger cut after update on runbook.range deferrable initially deferred
                for each row when (old.batches <> new.batches) execute function cut.wait()""";

    private static final String WAITING_FOR = "select count(*) from pg_stat_activity where datname = current_database()"
            + " and wait_event_type = 'Lock' and wait_event = '%s'";

    @TempDir
    Path folder;

    private SweptRun run;
    private Connection key;
    private CopyProcess worker;

    @BeforeEach
    void copyOnce() throws Exception {
        run = new SweptRun(ROWS, folder);
        run.sql(COMMIT_WAITS);
        key = run.server().dev().connect(Role.SUPERUSER);
        worker = run.worker(ONE_SLOT, Sweep.FOR_EVER);
    }

    @AfterEach
    void close() throws Exception {
        worker.close();
        key.close();
        run.close();
    }

    @Test
    void a_batch_that_turns_out_to_be_committed_is_not_copied_again() throws Exception {
        SeenBatch batch = cutInCommit();

        nothingGoesOnWhileNobodyKnows();
        hold(false);

        everythingIsCopiedOnce();
        assertThat(statusOf(batch)).isEqualTo("committed");
    }

    @Test
    void a_batch_that_turns_out_to_be_rolled_back_is_copied_again() throws Exception {
        SeenBatch batch = cutInCommit();

        nothingGoesOnWhileNobodyKnows();
        run.sql("select pg_terminate_backend(" + batch.link().backend() + ", 5000)");
        hold(false);

        everythingIsCopiedOnce();
        assertThat(statusOf(batch)).isEqualTo("aborted");
    }

    @Test
    void a_commit_that_never_came_is_told_from_one_whose_answer_was_lost() throws Exception {
        Trap written = run.proxy().arm(Point.WRITTEN);
        worker.begun();
        SeenBatch never = cutAt(written);
        SeenBatch unheard = cutAt(run.proxy().arm(Point.COMMITTED));

        everythingIsCopiedOnce();
        assertThat(statusOf(never)).isEqualTo("aborted");
        assertThat(statusOf(unheard)).isEqualTo("committed");
    }

    /** The database is at the COMMIT, and whoever asked for it is gone. */
    private SeenBatch cutInCommit() throws Exception {
        hold(true);
        Trap trap = run.proxy().arm(Point.COMMITTING);
        worker.begun();
        assertThat(trap.isReached(TimeUnit.SECONDS.toMillis(60))).isTrue();
        trap.letGo();
        waitFor("a COMMIT that has done everything else", WAITING_FOR.formatted("advisory"));
        return cut(trap);
    }

    private static SeenBatch cutAt(Trap trap) throws Exception {
        assertThat(trap.isReached(TimeUnit.SECONDS.toMillis(60))).isTrue();
        return cut(trap);
    }

    private static SeenBatch cut(Trap trap) {
        SeenBatch batch = trap.held();
        assertThat(batch).as("a batch that was held").isNotNull();
        batch.link().cut();
        return batch;
    }

    /** The next attempt waits for the row that the batch has moved on: it neither copies again nor goes on behind it. */
    private void nothingGoesOnWhileNobodyKnows() throws Exception {
        waitFor("the next attempt", WAITING_FOR.formatted("transactionid"));
        assertThat(run.number("select sum(batches) from runbook.range")).isZero();
    }

    private void hold(boolean held) throws Exception {
        try (Statement statement = key.createStatement()) {
            statement.execute("select pg_advisory_" + (held ? "lock" : "unlock") + "(42)");
        }
    }

    private void waitFor(String who, String number) throws Exception {
        Eventually.holds(who + " waits", Duration.ofSeconds(60), () -> run.number(number) > 0);
    }

    private @Nullable String statusOf(SeenBatch batch) throws Exception {
        return run.text("select pg_xact_status('" + batch.transaction() + "'::xid8)");
    }

    private void everythingIsCopiedOnce() throws Exception {
        assertThat(worker.ended(90)).as(worker.log()).isZero();
        SweptRun.passes(run.finished());
        assertThat(run.number("select sum(scanned) from runbook.range")).isEqualTo(ROWS);
        assertThat(run.number("select sum(copied) from runbook.range")).isEqualTo(ROWS);
        assertThat(run.number("select coalesce(sum(units), 0) from runbook.skip"))
                .isZero();
        assertThat(run.number("select count(*) from individual_process_status.individual_process_statuses"))
                .isEqualTo(ROWS);
    }
}
