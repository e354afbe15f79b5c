package runbook.migrations.individualprocessstatus;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.Role;
import runbook.sample.ApplicationWriter;
import runbook.sample.Oracle;
import runbook.sample.Samples;
import runbook.sample.WriterSettings;

/**
 * An application that writes both shapes, and batches, at random: batches overlap, come again, give up before they commit,
 * and are terminated. It is over when so many batches have run.
 */
final class Storm {

    private static final int WRITERS = 8;
    private static final int STATEMENTS_PER_SECOND = 800;
    private static final int COPIERS = 3;
    private static final int BATCHES_OF_EACH = 40;
    private static final int LARGEST_BATCH = 30;
    private static final int LONGEST_OPEN_MILLIS = 30;

    private static final Set<String> GAVE_WAY = Set.of("55P03", "23505");
    private static final Set<String> TERMINATED = Set.of("57P01", "08003", "08006");

    private final DevDatabase database;
    private final long seed;
    private final long rows;
    private final List<Pattern> patterns;
    private final Set<Integer> copiers = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final List<long[]> ranges = new ArrayList<>();

    /**
     * @param rows so many processes are there
     * @param patterns how batches are written
     */
    Storm(DevDatabase database, long seed, long rows, List<Pattern> patterns) {
        this.database = database;
        this.seed = seed;
        this.rows = rows;
        this.patterns = patterns;
    }

    /** Lets it rage, then brings the copy to its end; everything that is wrong, in words. */
    List<String> violations() throws Exception {
        List<String> found = new ArrayList<>();
        ApplicationWriter application = Samples.named(Statuses.MIGRATION)
                .writer(WriterSettings.on(() -> database.connect(Role.APP))
                        .through(WRITERS)
                        .at(STATEMENTS_PER_SECOND)
                        .seeded(seed));
        try (application) {
            rage();
        }
        try (Connection owner = database.connect(Role.RUNBOOK)) {
            owner.setAutoCommit(false);
            copy(owner, patterns.get(0).copy(1, Long.MAX_VALUE));
            owner.commit();
            found.addAll(Oracle.check(owner, application.changes(), 0));
        }
        found.addAll(application.applicationErrors());
        count("changes by the application").set((int) application.counts().changes());
        count("of them by add_status").set((int) application.counts().throughAddStatus());
        return found;
    }

    private void rage() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(COPIERS + 1);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < COPIERS; i++) {
                SplittableRandom random = new SplittableRandom(seed * 100 + i);
                running.add(threads.submit(() -> {
                    batches(random);
                    return null;
                }));
            }
            Future<?> killer = threads.submit(() -> {
                kill(new SplittableRandom(seed));
                return null;
            });
            for (Future<?> copier : running) {
                copier.get();
            }
            killer.cancel(true);
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(20, TimeUnit.SECONDS);
        }
    }

    private void batches(SplittableRandom random) throws Exception {
        int left = BATCHES_OF_EACH;
        while (left > 0) {
            try (Session session = new Session(database, Role.RUNBOOK)) {
                copiers.add(session.pid());
                while (left > 0) {
                    left--;
                    batch(session, random);
                }
            } catch (SQLException e) {
                expected(e, TERMINATED);
            }
        }
    }

    private void batch(Session session, SplittableRandom random) throws SQLException {
        long[] range = range(random);
        Pattern pattern = patterns.get(random.nextInt(patterns.size()));
        try {
            session.run("set local runbook.mirror = 'on'; set local lock_timeout = '50ms'");
            session.does(pattern.copy(range[0], range[1]).work());
            pause(random.nextInt(LONGEST_OPEN_MILLIS));
            if (random.nextInt(10) == 0) {
                session.rollback();
                count("batches given up").incrementAndGet();
            } else {
                session.commit();
                count("batches committed").incrementAndGet();
            }
        } catch (SQLException e) {
            expected(e, GAVE_WAY);
            session.rollback();
        }
    }

    /** Where somebody has been before, or is now, as often as not. */
    private long[] range(SplittableRandom random) {
        synchronized (ranges) {
            if (!ranges.isEmpty() && random.nextBoolean()) {
                count("batches of a range that had one").incrementAndGet();
                return ranges.get(Math.max(0, ranges.size() - 1 - random.nextInt(6)));
            }
            long from = 1 + random.nextLong(rows);
            long[] range = {from, from + random.nextInt(LARGEST_BATCH)};
            ranges.add(range);
            return range;
        }
    }

    private void kill(SplittableRandom random) throws SQLException {
        try (Session superuser = new Session(database, Role.SUPERUSER)) {
            while (!Thread.currentThread().isInterrupted()) {
                pause(50 + random.nextInt(100));
                List<Integer> alive = List.copyOf(copiers);
                if (!alive.isEmpty()) {
                    int pid = alive.get(random.nextInt(alive.size()));
                    copiers.remove(pid);
                    superuser.run("select pg_terminate_backend(" + pid + ")");
                    superuser.commit();
                    count("batches terminated").incrementAndGet();
                }
            }
        }
    }

    private void expected(SQLException error, Set<String> states) throws SQLException {
        if (!states.contains(error.getSQLState())) {
            throw error;
        }
        count("batches ended by " + error.getSQLState()).incrementAndGet();
    }

    private static void copy(Connection owner, Write batch) throws SQLException {
        Session.sql("set local runbook.mirror = 'on'").on(owner);
        batch.work().on(owner);
    }

    private AtomicInteger count(String what) {
        return counts.computeIfAbsent(what, name -> new AtomicInteger());
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** To run it again, and to see what has run. */
    @Override
    public String toString() {
        return "seed " + seed + " (again: -Dstorm.seed=" + seed + "): " + new TreeMap<>(counts);
    }
}
