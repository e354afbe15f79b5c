package runbook.message;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A reading of the server that holds a copy up while it is above its limit. The defaults are out of reach of a server
 * that is only busy; where no number fits every server, there is no limit unless somebody sets one.
 */
public enum Signal {
    /** How far the slowest replica is behind; without a replica nobody is. */
    REPLICA_LAG("replicaLag", "replica lag", Unit.SECONDS, 10.0),
    /** Other sessions that wait for a lock and use a touched table. */
    LOCK_WAITERS("lockWaiters", "lock waiters", Unit.COUNT, 5.0),
    /** Other sessions that work, not those that wait for a lock, a client or a timer. */
    ACTIVE_SESSIONS("activeSessions", "active sessions", Unit.PER_CORE, 4.0),
    /** All that is written to the log, the copy's own part too. */
    WAL_RATE("walRate", "WAL rate", Unit.BYTES_PER_SECOND, null),
    /** Segments that wait for the archiver; none where nothing is archived. GitLab's limit. */
    ARCHIVE_QUEUE("archiveQueue", "archive queue", Unit.COUNT, 42.0),
    /** Autovacuum workers on touched tables. The copy itself calls them, so it does not wait unless told to. */
    AUTOVACUUM("autovacuum", "autovacuum", Unit.COUNT, null),
    /** Those of them that prevent a wrap-around. */
    WRAPAROUND("wraparound", "wrap-around vacuum", Unit.COUNT, 0.0),
    /** The age of the oldest transaction that keeps dead rows from being removed. */
    OLDEST_SNAPSHOT("oldestSnapshot", "oldest snapshot", Unit.SECONDS, 3_600.0),
    /** Of the touched table that has the largest share of them; an update of every row alone makes 50 %. */
    DEAD_TUPLES("deadTuples", "dead tuples", Unit.PER_CENT, 75.0),
    /** Checkpoints that came because the log had grown, not because it was time. */
    CHECKPOINTS("checkpoints", "requested checkpoints", Unit.PER_MINUTE, 10.0),
    /** Log that a replication slot keeps on the disk. */
    SLOT_RETAINED("slotRetained", "log kept by slots", Unit.BYTES, 10e9),
    /** Of the whole database. */
    DEADLOCKS("deadlocks", "deadlocks", Unit.PER_MINUTE, 5.0),
    /** Of the whole database; some pools end every read with one. */
    ROLLBACKS("rollbacks", "rollbacks", Unit.PER_MINUTE, null),
    /** The number that the query {@code custom} of the input gives. */
    CUSTOM("custom", "custom query", Unit.NUMBER, null);

    private final String word;
    private final String words;
    private final Unit unit;
    private final @Nullable Double usual;

    Signal(String word, String words, Unit unit, @Nullable Double usual) {
        this.word = word;
        this.words = words;
        this.unit = unit;
        this.usual = usual;
    }

    /** As it is typed. */
    public String word() {
        return word;
    }

    /** As people read it. */
    public String words() {
        return words;
    }

    public Unit unit() {
        return unit;
    }

    /** The limit unless somebody sets another one; empty for none. */
    Optional<Double> usual() {
        return Optional.ofNullable(usual);
    }

    /** The name of a signal for people, by its word; what is not in this list is the schedule. */
    public static String name(String word) {
        return named(word).map(Signal::words).orElse("the schedule");
    }

    public static Optional<Signal> named(Object word) {
        return Arrays.stream(values())
                .filter(signal -> signal.word.equals(word))
                .findFirst();
    }

    static String known() {
        return Arrays.stream(values()).map(Signal::word).collect(Collectors.joining(", "));
    }
}
