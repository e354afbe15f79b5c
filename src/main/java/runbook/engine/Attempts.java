package runbook.engine;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How often the same batch was refused, and how long that may go on. */
final class Attempts {

    /** A row that the application deleted is gone at the next look, or the one after it; a fault of the data stays. */
    private static final int LOOKS = 5;

    private static final int TIME_OUTS = 3;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    /** A batch that gets no lock for this long meets a transaction that a person should look at. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** What a batch waits for a lock. */
    static final Duration LOCK_WAIT = Duration.ofMillis(50);

    private final Target target;
    private final String where;
    private final Duration patience;
    private int looks;
    private int waits;
    private int timeOuts;
    private boolean contested;
    private long waitsSince;
    private @Nullable String blockers;

    Attempts(Target target, String where) {
        this(target, where, PATIENCE);
    }

    Attempts(Target target, String where, Duration patience) {
        this.target = target;
        this.where = where;
        this.patience = patience;
    }

    /** Runs a try; the last one under the eyes of somebody who sees what it waits for. */
    <T> T run(Supplier<T> batch) {
        if (waits == 0 || System.nanoTime() - waitsSince <= patience.toNanos()) {
            return batch.get();
        }
        try (BlockerWatch watch = BlockerWatch.of(target, LOCK_WAIT)) {
            try {
                return batch.get();
            } catch (RuntimeException e) {
                blockers = watch.sentence();
                throw e;
            }
        }
    }

    /** A batch that has waited in vain passes by what it waited for. */
    Batch.Lock lock(BooleanSupplier unclaimed) {
        if (waits > 0) {
            return Batch.Lock.PASS_BY;
        }
        return !contested && unclaimed.getAsBoolean() ? Batch.Lock.UNCLAIMED : Batch.Lock.WAIT;
    }

    /** Somebody has claimed a unit that nobody had claimed a moment ago. */
    void contested() {
        contested = true;
    }

    void clear() {
        looks = 0;
        waits = 0;
        timeOuts = 0;
        contested = false;
        blockers = null;
    }

    /** Whether another look may help. */
    boolean again() {
        looks++;
        return looks <= LOOKS;
    }

    /**
     * Somebody else holds what the batch wants.
     *
     * @throws RunbookException.Parked when that has gone on for too long
     */
    void gaveWay(RuntimeException error) {
        waitsSince = waits == 0 ? System.nanoTime() : waitsSince;
        waits++;
        if (blockers != null) {
            throw new RunbookException.Parked(
                    where + ": a batch got no row lock in " + patience.toMinutes() + " minutes. " + blockers
                            + " Everything before it is copied. End the blocker, then send the signal 'retry'.",
                    error);
        }
    }

    /**
     * The batch ran into its limit.
     *
     * @throws RunbookException.Parked when a single row does so again and again
     */
    void timedOut(int rows, RuntimeException error) {
        timeOuts = rows == 1 ? timeOuts + 1 : 0;
        if (timeOuts >= TIME_OUTS) {
            throw new RunbookException.Parked(
                    where + ": a batch of one row was cancelled " + TIME_OUTS + " times, by its time limit or by"
                            + " somebody. Everything before it is copied. Look at its plan: ./runbook plan with the"
                            + " option --target prints the statement. Add the index it lacks, then send the signal"
                            + " 'retry', or 'rollback'.",
                    error);
        }
    }

    /** Jittered, so that two who wait for one another do not meet again. */
    Duration pause() {
        long most = Math.min(LONGEST_PAUSE_MILLIS, 20L << Math.min(waits, 6));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most));
    }
}
