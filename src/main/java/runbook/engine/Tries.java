package runbook.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import runbook.message.Run;

/** Short lock waits with bounded tries: a long wait in a lock queue would hold the application up behind us. */
final class Tries {

    /** Rests before each further try; after the last the phase parks with the blockers named. */
    private static final List<Duration> RESTS = List.of(
            Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(1));

    private Tries() {}

    /**
     * Does work that takes locks, again when it did not get them.
     *
     * @param work given the number of the try, from 1; must leave nothing behind when it throws
     * @throws RunbookException.Parked naming the blockers, when no try got its locks
     */
    static <T> T forLocks(Target target, Run run, String what, Pulse pulse, IntFunction<T> work) {
        for (int tries = 1; ; tries++) {
            pulse.beat(Map.of("runs", what, "try", tries));
            try {
                return work.apply(tries);
            } catch (RuntimeException e) {
                if (!gaveWay(Sql.state(e))) {
                    throw e;
                }
                if (tries > RESTS.size()) {
                    throw new RunbookException.Parked(
                            run.migration() + ": " + what + ": no lock in " + tries
                                    + " tries of 3 s. Blocked by " + Blockers.words(target)
                                    + ". What was done before stays done, nothing is half done. End the blocker, then send the"
                                    + " signal 'retry', or 'rollback'.",
                            e);
                }
                Pauses.rest(RESTS.get(tries - 1), pulse, Map.of("runs", what, "waits for", "a lock"));
            }
        }
    }

    private static boolean gaveWay(String sqlState) {
        return sqlState.equals("55P03") || sqlState.equals("40P01") || sqlState.equals("40001");
    }
}
