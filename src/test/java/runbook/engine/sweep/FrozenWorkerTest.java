package runbook.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker that stands still in mid-batch (SIGSTOP), while another does its work, and then goes on as if nothing had been. */
class FrozenWorkerTest {

    private static final long ROWS = 2_000;
    private static final int ONE_SLOT = 1;
    private static final int ONCE = 1;

    @TempDir
    Path folder;

    @Test
    @Timeout(180)
    void loses_its_batch_and_its_locks_to_the_next_attempt() throws Exception {
        try (SweptRun run = new SweptRun(ROWS, folder);
                CopyProcess frozen = run.worker(ONE_SLOT, ONCE)) {
            Trap trap = freezeAt(Point.WRITTEN, run, frozen);

            anotherCopiesEverything(run);
            frozen.thaw();
            trap.letGo();

            assertThat(frozen.ended(60)).isEqualTo(SweepWorker.GIVEN_UP);
            assertThat(frozen.log())
                    .containsPattern(
                            "individual_process_status: backfill: SQLSTATE (25P03|08006)\\. What was copied stays");
            everythingIsCopiedOnce(run);
        }
    }

    @Test
    @Timeout(180)
    void is_refused_a_batch_in_a_range_that_another_has_taken_over() throws Exception {
        try (SweptRun run = new SweptRun(ROWS, folder);
                CopyProcess frozen = run.worker(ONE_SLOT, ONCE)) {
            Trap trap = freezeAt(Point.BEGINNING, run, frozen);

            anotherCopiesEverything(run);
            frozen.thaw();
            trap.letGo();

            assertThat(frozen.ended(60)).isEqualTo(SweepWorker.GIVEN_UP);
            assertThat(frozen.log()).contains("another attempt has taken it over. Nothing of this batch was written.");
            everythingIsCopiedOnce(run);
        }
    }

    private static Trap freezeAt(Point point, SweptRun run, CopyProcess worker) throws Exception {
        Trap trap = run.proxy().arm(point);
        worker.begun();
        assertThat(trap.isReached(TimeUnit.SECONDS.toMillis(60))).isTrue();
        worker.freeze();
        assertThat(trap.held())
                .as("the batch did not end before its worker was frozen")
                .isNotNull();
        return trap;
    }

    private static void anotherCopiesEverything(SweptRun run) throws Exception {
        try (CopyProcess another = run.worker(ONE_SLOT, Sweep.FOR_EVER).begun()) {
            assertThat(another.ended(90)).as(another.log()).isZero();
        }
    }

    private static void everythingIsCopiedOnce(SweptRun run) throws Exception {
        SweptRun.passes(run.finished());
        assertThat(run.number("select sum(scanned) from runbook.range")).isEqualTo(ROWS);
        assertThat(run.number("select sum(copied) from runbook.range")).isEqualTo(ROWS);
        assertThat(run.number("select count(*) from individual_process_status.individual_process_statuses"))
                .isEqualTo(ROWS);
    }
}
