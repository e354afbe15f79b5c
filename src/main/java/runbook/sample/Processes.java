package runbook.sample;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** The processes that the application knows of: most work goes evenly over all, some goes to a few busy ones. */
final class Processes {

    private static final int BUSY = 30;
    private static final int RECENT = 200;

    private final long[] all;
    private final Deque<Long> recent = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<Long> deleted = new ConcurrentLinkedQueue<>();

    private Processes(long[] all) {
        this.all = all;
    }

    static Processes in(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet ids = statement.executeQuery(
                        "select coalesce(array_agg(id order by id), '{}') from individual_process_status.individual_processes")) {
            ids.next();
            Object[] values = (Object[]) ids.getArray(1).getArray();
            long[] all = new long[values.length];
            for (int i = 0; i < all.length; i++) {
                all[i] = (Long) values[i];
            }
            return new Processes(all);
        }
    }

    /** A process, or null where there is none to choose from. */
    @Nullable
    Long pick(SplittableRandom random) {
        int chance = random.nextInt(100);
        if (chance < 15) {
            synchronized (recent) {
                int place = random.nextInt(RECENT);
                if (place < recent.size()) {
                    return recent.stream().skip(place).findFirst().orElseThrow();
                }
            }
        }
        if (all.length == 0) {
            return null;
        }
        if (chance < 30) {
            // Spread over the table, so that a busy one is before, in and behind whatever is being copied.
            return all[(int) ((long) random.nextInt(BUSY) * all.length / BUSY)];
        }
        return all[random.nextInt(all.length)];
    }

    void inserted(long process) {
        synchronized (recent) {
            recent.addLast(process);
            if (recent.size() > RECENT) {
                recent.removeFirst();
            }
        }
    }

    void deleted(long process) {
        deleted.add(process);
    }

    /** A deleted process that nobody else is going to bring back. */
    @Nullable
    Long pollDeleted() {
        return deleted.poll();
    }
}
