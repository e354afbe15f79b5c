package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.OwnThread;
import runbook.message.Limits;
import runbook.message.PhaseRequest;
import runbook.message.Tune;
import runbook.message.Tuning;

/** No range is without a slot that will copy it, whatever becomes of the slot that held it. */
class HandOverTest extends OneCopy {

    private PhaseRequest request;

    HandOverTest() {
        super(3_000);
    }

    /** One range, too small to be split. */
    @BeforeEach
    void open() {
        request = rig.begin(insert, Map.of());
        rig.sql("delete from runbook.range where number > 1");
        rig.sql("update runbook.range set upto_key = '[\"3000\"]', expected = 3000, batch_rows = 100");
    }

    private void oneWorker() {
        Tuning one = new Tuning(0, 1, 0, Limits.USUAL);
        Controls.tune(rig.target, new Tune(request.run(), one, null, "dana", "peak", "tune/1"));
    }

    private CompletableFuture<Void> copying(int slot, Pulse pulse) {
        return CompletableFuture.runAsync(
                () -> new Copier(rig.target, request, insert, pulse).copy(slot, "slot " + slot), OwnThread.EACH);
    }

    private void assertCopiedBySlotZero() {
        assertThat(rig.rows("select owner_token from runbook.range where finished_at is not null")
                        .getValues(0))
                .isEqualTo(List.of("slot 0"));
        assertThat(rig.differences()).isZero();
    }

    @Test
    void the_last_range_of_a_slot_that_becomes_one_too_many_is_taken_over() throws Exception {
        CountDownLatch tuned = new CountDownLatch(1);
        Queue<Object> beats = new ConcurrentLinkedQueue<>();
        Pulse held = detail -> {
            beats.add(detail);
            if (beats.size() == 2) {
                await(tuned);
            }
        };
        CompletableFuture<Void> second = copying(1, held);
        Eventually.holds("the range is held", Duration.ofSeconds(20), () -> beats.size() == 2);
        Queue<Object> idle = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> first = copying(0, idle::add);
        Eventually.holds("nothing to do", Duration.ofSeconds(20), () -> first.isDone() || !idle.isEmpty());

        oneWorker();
        tuned.countDown();

        first.get(20, TimeUnit.SECONDS);
        second.get(20, TimeUnit.SECONDS);
        assertThat(idle.toString()).contains("waits for=a range");
        assertCopiedBySlotZero();
    }

    @Test
    void what_a_killed_worker_held_is_taken_over_although_its_slot_is_one_too_many() throws Exception {
        rig.sql("update runbook.range set owner_epoch = 1, owner_slot = 1, owner_token = 'killed'");
        oneWorker();

        CompletableFuture<Void> first = copying(0, Pulse.NONE);
        CompletableFuture<Void> second = copying(1, Pulse.NONE);

        first.get(20, TimeUnit.SECONDS);
        second.get(20, TimeUnit.SECONDS);
        assertCopiedBySlotZero();
    }

    @Test
    void a_late_attempt_takes_no_range_beside_a_newer_one() {
        Slot late = new Slot(rig.target, request.run(), insert, 0, "first attempt");
        late.enter();
        assertThat(late.next()).isPresent();
        Slot newer = new Slot(rig.target, request.run(), insert, 0, "second attempt");
        newer.enter();

        assertThatThrownBy(late::next)
                .isInstanceOf(RunbookException.Fenced.class)
                .hasMessage("backfill 'rows', slot 1: a newer attempt is at work. This one takes no further range.");
        assertThat(newer.next()).isPresent();
        assertThat(rig.text("select owner_token from runbook.range")).isEqualTo("second attempt");
    }

    /** What an idle slot finds out about a range is kept, so that it does not read the same keys again and again. */
    @Test
    void a_range_that_was_expected_to_be_larger_is_split_no_more() {
        rig.sql("update runbook.range set expected = 1000000");
        Slot holder = new Slot(rig.target, request.run(), insert, 0, "slot 0");
        holder.enter();
        assertThat(holder.next()).isPresent();

        Slot idle = new Slot(rig.target, request.run(), insert, 1, "slot 1");
        idle.enter();
        for (int looks = 0; looks < 10; looks++) {
            assertThat(idle.next()).isEmpty();
        }

        assertThat(rig.number("select expected from runbook.range")).isLessThan(10_000);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
