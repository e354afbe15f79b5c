package runbook.sample;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Acts like the application that owns the legacy database: prepared statements on several connections, transactions of
 * one and more statements, a third of them at REPEATABLE READ, a few left open for seconds, at a rate that does not slow
 * down when the database does. What it committed it can tell, in order; so can it tell every error that an application
 * would not have got without a migration.
 */
public final class ApplicationWriter implements AutoCloseable {

    /** Longer than any transaction that is held open on purpose. */
    private static final long END_WITHIN_MILLIS = 20_000;

    private final WriterSettings settings;
    private final Pace pace;
    private final ChangeLog log;
    private final Processes processes;
    private final Latencies latencies = new Latencies();
    private final Tally tally = new Tally();
    private final List<Thread> threads = new ArrayList<>();
    private final Semaphore turns;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile boolean newShapeOnly;

    private ApplicationWriter(WriterSettings settings, Processes processes) {
        this.settings = settings;
        this.processes = processes;
        this.pace = new Pace(settings.statementsPerSecond());
        this.log = new ChangeLog(settings.remembers(), settings.log());
        this.turns = new Semaphore(settings.sessions() + 1, true);
    }

    /** Connects, looks which processes there are, and starts. */
    public static ApplicationWriter start(WriterSettings settings) throws SQLException {
        Processes processes;
        try (Connection connection = settings.connections().open()) {
            processes = Processes.in(connection);
        }
        ApplicationWriter writer = new ApplicationWriter(settings, processes);
        int threads = settings.sessions() + (settings.leavesOpen() ? 1 : 0);
        for (int i = 0; i < threads; i++) {
            ActionMix mix = new ActionMix(settings.seed() * 1_000 + i, processes);
            Thread thread =
                    new Thread(new WriterSession(writer, mix, i == settings.sessions()), "application-" + (i + 1));
            thread.setDaemon(true);
            writer.threads.add(thread);
        }
        writer.threads.forEach(Thread::start);
        return writer;
    }

    /** The next release of the application: from now on nothing reads or writes the legacy field. */
    public void useNewShapeOnly() {
        pause();
        newShapeOnly = true;
        resume();
    }

    /** Waits until no transaction is open and lets none begin. */
    public void pause() {
        turns.acquireUninterruptibly(settings.sessions() + 1);
    }

    public void resume() {
        turns.release(settings.sessions() + 1);
    }

    /** A place in the order of changes: those made from now on have a higher number. */
    public long mark() {
        return log.last();
    }

    /** Every committed change, in order for each process. */
    public List<Change> changes() {
        return log.changes();
    }

    public Counts counts() {
        return new Counts(
                tally.transactions.sum(),
                log.count(),
                tally.throughAddStatus.sum(),
                tally.refused.sum(),
                tally.serializationFailures.sum(),
                tally.deadlocks.sum(),
                tally.interruptions.sum(),
                tally.ambiguous.sum(),
                pace.shed(),
                tally.errorCount());
    }

    /** Errors that the application would not have got without a migration, deadlocks among them. */
    public List<String> applicationErrors() {
        return tally.errors();
    }

    public long deadlocks() {
        return tally.deadlocks.sum();
    }

    public long serializationFailures() {
        return tally.serializationFailures.sum();
    }

    /** Times of all statements so far. */
    public Latency latency() {
        return latencies.overall();
    }

    /** Times of the statements of the last while, at most an hour. */
    public Latency latency(Duration last) {
        return latencies.last(last);
    }

    /** Times of the statements of a while within the last hour; none when it was shorter than a second. */
    public Latency latency(Instant from, Instant to) {
        return latencies.between(from, to);
    }

    /** Lets every transaction end, then disconnects. */
    @Override
    public void close() {
        closing.countDown();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_WITHIN_MILLIS);
        for (Thread thread : threads) {
            try {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                tally.error(thread.getName() + " is still in a transaction " + END_WITHIN_MILLIS / 1_000
                        + " s after the end");
            }
        }
        closed = true;
    }

    /** False when the application ends. */
    boolean enter() {
        turns.acquireUninterruptibly();
        if (closing()) {
            turns.release();
            return false;
        }
        return true;
    }

    void leave() {
        turns.release();
    }

    long waitForTurn(int statements) {
        long due = pace.take(statements);
        long wait = due - System.nanoTime();
        if (wait > 0) {
            restNanos(wait);
        }
        return due;
    }

    /** Sleeps, but not over the end of the application. */
    void rest(long millis) {
        restNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private void restNanos(long nanos) {
        try {
            if (closing.await(nanos, TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean closing() {
        return closing.getCount() == 0;
    }

    boolean closed() {
        return closed;
    }

    boolean newShapeOnly() {
        return newShapeOnly;
    }

    Connection open() throws SQLException {
        return settings.connections().open();
    }

    ChangeLog log() {
        return log;
    }

    Latencies latencies() {
        return latencies;
    }

    Tally tally() {
        return tally;
    }

    Processes processes() {
        return processes;
    }
}
