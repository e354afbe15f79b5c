package runbook.cli.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.Role;
import runbook.engine.RunbookException;

/**
 * An application whose users do not wait for one another: each write has its time, whether or not the database keeps up,
 * and how long it took counts from that time. Without a rate it writes as fast as it can.
 */
final class OpenLoop implements AutoCloseable {

    private static final int SESSIONS = 8;

    /** The first write is not to wait for its session. */
    static final Duration UNTIL_CONNECTED = Duration.ofSeconds(1);

    private static final String WRITE = "update individual_process_status.individual_processes"
            + " set status = ?, updated_by = ?, updated_at = now() where id = ?";

    private static final String[] STATUSES = {"draft", "under_review", "on_hold", "approved", "rejected", "completed"};

    private final DevDatabase database;
    private final long[] processes;
    private final long nanosBetween;
    private final AtomicLong next = new AtomicLong(System.nanoTime() + UNTIL_CONNECTED.toNanos());
    private final List<Thread> threads = new ArrayList<>();
    private final List<Double> millis = new ArrayList<>();
    private final long began = System.nanoTime();
    private volatile boolean closing;
    private volatile String fault = "";

    private OpenLoop(DevDatabase database, long[] processes, double perSecond) {
        this.database = database;
        this.processes = processes;
        this.nanosBetween = perSecond == 0 ? 0 : (long) (1e9 / perSecond);
    }

    /** Starts to write to these processes; a rate of zero means as fast as it goes. */
    static OpenLoop start(DevDatabase database, long[] processes, double perSecond) {
        OpenLoop loop = new OpenLoop(database, processes, perSecond);
        for (int session = 0; session < SESSIONS; session++) {
            SplittableRandom random = new SplittableRandom(session);
            Thread thread = new Thread(() -> loop.write(random), "application-" + session);
            thread.setDaemon(true);
            loop.threads.add(thread);
            thread.start();
        }
        return loop;
    }

    private void write(SplittableRandom random) {
        List<Double> mine = new ArrayList<>();
        try (Connection session = database.connect(Role.APP);
                PreparedStatement write = session.prepareStatement(WRITE)) {
            while (!closing) {
                long due = nanosBetween == 0 ? System.nanoTime() : next.getAndAdd(nanosBetween);
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                write.setString(1, STATUSES[random.nextInt(STATUSES.length)]);
                write.setLong(2, 1 + random.nextInt(50));
                write.setLong(3, processes[random.nextInt(processes.length)]);
                write.executeUpdate();
                mine.add((System.nanoTime() - due) / 1e6);
            }
        } catch (SQLException e) {
            fault = "an application's write ended with SQLSTATE " + e.getSQLState();
        }
        synchronized (millis) {
            millis.addAll(mine);
        }
    }

    /** Ends it and tells how it went. */
    Times end() {
        double seconds = (System.nanoTime() - began) / 1e9;
        close();
        if (!fault.isEmpty()) {
            throw new RunbookException("bench: " + fault + ", expected none. No figure was taken.");
        }
        List<Double> sorted = millis.stream().sorted().toList();
        return new Times(sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1), sorted.size() / seconds);
    }

    /** The slowest write but one in a hundred, and how many there were in a second. */
    record Times(double p99Millis, double perSecond) {}

    @Override
    public void close() {
        closing = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
