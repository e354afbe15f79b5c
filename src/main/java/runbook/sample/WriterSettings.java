package runbook.sample;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How busy the application is.
 *
 * @param sessions connections that take part in the rate
 * @param statementsPerSecond arrivals, whether or not the database keeps up
 * @param leavesOpen whether one connection more holds transactions open for seconds
 * @param remembers whether every change is kept in memory for the oracle; a stack that runs for days does without
 * @param log a file that each committed change is added to, or null
 */
public record WriterSettings(
        Connections connections,
        int sessions,
        int statementsPerSecond,
        long seed,
        boolean leavesOpen,
        boolean remembers,
        @Nullable Path log) {

    public WriterSettings {
        if (sessions < 4 || statementsPerSecond < 1) {
            throw new IllegalArgumentException("A writer with " + sessions + " sessions and " + statementsPerSecond
                    + " statements a second is none: at least 4 and 1.");
        }
    }

    /** Four sessions, 100 statements a second, changes kept in memory. */
    public static WriterSettings on(Connections connections) {
        return new WriterSettings(connections, 4, 100, 1, true, true, null);
    }

    public WriterSettings at(int rate) {
        return new WriterSettings(connections, sessions, rate, seed, leavesOpen, remembers, log);
    }

    public WriterSettings through(int count) {
        return new WriterSettings(connections, count, statementsPerSecond, seed, leavesOpen, remembers, log);
    }

    public WriterSettings seeded(long start) {
        return new WriterSettings(connections, sessions, statementsPerSecond, start, leavesOpen, remembers, log);
    }

    /** Nobody leaves a transaction open, so that whoever wants a lock has it soon. */
    public WriterSettings swift() {
        return new WriterSettings(connections, sessions, statementsPerSecond, seed, false, remembers, log);
    }

    public WriterSettings forgetting() {
        return new WriterSettings(connections, sessions, statementsPerSecond, seed, leavesOpen, false, log);
    }

    public WriterSettings loggingTo(Path file) {
        return new WriterSettings(connections, sessions, statementsPerSecond, seed, leavesOpen, remembers, file);
    }
}
