package runbook.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import runbook.message.Run;

/** Short lock waits with bounded tries: a long wait in a lock queue would hold the application up behind us. */
final class Tries {

    /** An application's usual transaction is over by then. */
    private static final Duration USUAL = Duration.ofMillis(300);

    /** Short, so as to find the gap between two long transactions. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    /** The longest that each further try is put off; after the last the phase parks with the blockers named. */
    private static final List<Duration> RESTS = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(2));

    /** What a session waits for a lock, see {@link Targets#HURRIED}. */
    private static final Duration LOCK_WAIT = Duration.ofMillis(500);

    private Tries() {}

    /**
     * Does work that takes locks, again when it did not get them. A try is put off, outside of any lock queue, while a
     * transaction is open that is older than the application's usual ones: waiting behind it would hold everybody up.
     *
     * @param work given the number of the try, from 1; must leave nothing behind when it throws
     * @throws RunbookException.Parked naming the blockers, when no try got its locks
     */
    static <T> T forLocks(Target target, Run run, String what, Pulse pulse, IntFunction<T> work) {
        for (int tries = 1; ; tries++) {
            Duration rest = RESTS.get(Math.min(tries, RESTS.size()) - 1);
            putOff(target, rest, pulse, Map.of("runs", what, "waits for", "older transactions", "try", tries));
            try {
                if (tries == RESTS.size()) {
                    return last(target, run, what, work);
                }
                return work.apply(tries);
            } catch (RuntimeException e) {
                if (e instanceof RunbookException.Parked || !gaveWay(Sql.state(e))) {
                    throw e;
                }
            }
        }
    }

    private static <T> T last(Target target, Run run, String what, IntFunction<T> work) {
        int tries = RESTS.size();
        try (BlockerWatch watch = BlockerWatch.of(target, LOCK_WAIT)) {
            try {
                return work.apply(tries);
            } catch (RuntimeException e) {
                if (!gaveWay(Sql.state(e))) {
                    throw e;
                }
                throw new RunbookException.Parked(
                        run.migration() + ": " + what + ": no lock in " + tries + " tries of half a second. "
                                + watch.sentence()
                                + " What was done before stays done. End the blocker, then send the signal 'retry',"
                                + " which goes on from there.",
                        e);
            }
        }
    }

    private static void putOff(Target target, Duration longest, Pulse pulse, Object detail) {
        long until = System.nanoTime() + longest.toNanos();
        pulse.beat(detail);
        while (System.nanoTime() < until && Blockers.olderThan(target, USUAL)) {
            Pauses.rest(LOOK_AGAIN, pulse, detail);
        }
    }

    private static boolean gaveWay(String sqlState) {
        return sqlState.equals("55P03") || sqlState.equals("40P01") || sqlState.equals("40001");
    }
}
