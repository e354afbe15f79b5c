package runbook.engine;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The turns of a worker's slots in one database while others are at work there: only so many batches run at once as the
 * copy's share of the cores has place for, at least one. Rests alone let two batches meet by chance, and then, on two
 * cores, the application's statements stand behind both.
 */
final class Turns {

    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final ConcurrentMap<String, Turns> OF = new ConcurrentHashMap<>();

    /** Fair: no slot is passed over. */
    private final Semaphore free;

    Turns(int batches) {
        this.free = new Semaphore(batches, true);
    }

    static Turns of(Target target) {
        return OF.computeIfAbsent(target.name(), name -> new Turns(Neighbours.turns(Copier.CORES)));
    }

    /**
     * Does the work when it is its turn.
     *
     * @param detail of the heartbeat meanwhile
     * @return what the work returned
     */
    long take(LongSupplier work, Pulse pulse, Map<String, Object> detail) {
        await(pulse, detail);
        try {
            return work.getAsLong();
        } finally {
            free.release();
        }
    }

    private void await(Pulse pulse, Map<String, Object> detail) {
        try {
            while (!free.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                pulse.beat(detail);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunbookException("interrupted while waiting for its turn", e);
        }
    }
}
