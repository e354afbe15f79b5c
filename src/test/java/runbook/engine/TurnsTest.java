package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import runbook.Eventually;
import runbook.OwnThread;
import runbook.cli.dev.Role;
import runbook.message.PhaseRequest;

/** Beside others, batches of several slots do not meet. */
class TurnsTest extends OneCopy {

    private static final Duration SOON = Duration.ofSeconds(20);

    TurnsTest() {
        super(3_000);
    }

    @Test
    void so_many_work_at_once_and_no_more() throws Exception {
        Turns turns = new Turns(2);
        AtomicInteger working = new AtomicInteger();
        Queue<Integer> seen = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> slots = new ArrayList<>();
        for (int slot = 0; slot < 4; slot++) {
            slots.add(CompletableFuture.runAsync(
                    () -> {
                        for (int batch = 0; batch < 50; batch++) {
                            turns.take(
                                    () -> {
                                        seen.add(working.incrementAndGet());
                                        LockSupport.parkNanos(500_000);
                                        return working.decrementAndGet();
                                    },
                                    Pulse.NONE,
                                    Map.of());
                        }
                    },
                    OwnThread.EACH));
        }

        for (CompletableFuture<Void> slot : slots) {
            slot.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }

        assertThat(seen).hasSize(200).allMatch(number -> number <= 2);
    }

    @Test
    @Timeout(30)
    void a_batch_that_fails_gives_its_turn_back() {
        Turns turns = new Turns(1);

        assertThatThrownBy(() -> turns.take(
                        () -> {
                            throw new RunbookException("refused");
                        },
                        Pulse.NONE,
                        Map.of()))
                .hasMessage("refused");

        assertThat(turns.take(() -> 7, Pulse.NONE, Map.of())).isEqualTo(7);
    }

    @Test
    void a_slot_waits_for_its_turn_and_says_that_it_lives() throws Exception {
        PhaseRequest request = rig.begin(insert, Map.of());
        CountDownLatch over = new CountDownLatch(1);
        List<CompletableFuture<Void>> others = takeAllTurns(over);
        Queue<Object> beats = new ConcurrentLinkedQueue<>();
        try (Connection application = postgres.database().connect(Role.APP)) {
            application.setAutoCommit(false);
            application.createStatement().execute("select 1");
            CompletableFuture<Void> slot = CompletableFuture.runAsync(
                    () -> new Copier(rig.target, request, insert, beats::add).copy(0, "slot 0"), OwnThread.EACH);
            Eventually.holds("it waits", SOON, () -> beats.size() >= 3);
            assertThat(rig.number("select count(*) from copying.target")).isZero();

            over.countDown();
            slot.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }

        for (CompletableFuture<Void> other : others) {
            other.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(rig.differences()).isZero();
    }

    private List<CompletableFuture<Void>> takeAllTurns(CountDownLatch over) throws InterruptedException {
        Turns turns = Turns.of(rig.target);
        int all = Neighbours.turns(Copier.CORES);
        CountDownLatch taken = new CountDownLatch(all);
        List<CompletableFuture<Void>> others = new ArrayList<>();
        for (int turn = 0; turn < all; turn++) {
            others.add(CompletableFuture.runAsync(
                    () -> turns.take(
                            () -> {
                                taken.countDown();
                                return await(over);
                            },
                            Pulse.NONE,
                            Map.of()),
                    OwnThread.EACH));
        }
        assertThat(taken.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return others;
    }

    private static long await(CountDownLatch over) {
        try {
            return over.await(SOON.toSeconds(), TimeUnit.SECONDS) ? 1 : 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
