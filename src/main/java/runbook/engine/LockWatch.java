package runbook.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * Sets the lock waits of each script and notes which locks it took and for how long, as seen in {@code pg_locks} before
 * its transaction ends.
 */
final class LockWatch implements Callback {

    /** The exception to short waits: with a lock time-out these leave an INVALID index or a half-done scan behind. */
    private static final String UNHURRIED = "set lock_timeout = 0; set statement_timeout = '6h'";

    private static final String SHORT = Targets.HURRIED + "; set statement_timeout = '5min'";

    private static final String LOCKS = """
            select format('%I.%I', n.nspname, c.relname) as object, l.mode
            from pg_catalog.pg_locks l
            join pg_catalog.pg_class c on c.oid = l.relation
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where l.pid = pg_backend_pid() and l.granted and n.nspname not in ('pg_catalog', 'pg_toast', 'runbook')
            order by 1, 2
            """;

    private final Map<String, String> texts;
    private final Runnable fence;
    private final List<Taken> taken = new ArrayList<>();
    private long began;

    /**
     * @param texts the scripts by their names
     * @param fence called before each script; refuses an owner who has been replaced
     */
    LockWatch(Map<String, String> texts, Runnable fence) {
        this.texts = texts;
        this.fence = fence;
    }

    /** What one script did. */
    record Taken(String script, long millis, Map<String, List<String>> locks) {}

    List<Taken> drain() {
        List<Taken> drained = List.copyOf(taken);
        taken.clear();
        return drained;
    }

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.BEFORE_EACH_MIGRATE || event == Event.AFTER_EACH_MIGRATE;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
        return true;
    }

    @Override
    public void handle(Event event, Context context) {
        String script = context.getMigrationInfo().getScript();
        try (Statement statement = context.getConnection().createStatement()) {
            if (event == Event.BEFORE_EACH_MIGRATE) {
                fence.run();
                began = System.nanoTime();
                statement.execute(unhurried(texts.getOrDefault(script, "")) ? UNHURRIED : SHORT);
            } else {
                long millis = (System.nanoTime() - began) / 1_000_000;
                taken.add(new Taken(script, millis, locks(context.getConnection())));
                statement.execute(Targets.HURRIED + "; set statement_timeout = 0");
            }
        } catch (SQLException e) {
            throw new RunbookException("script " + script + ": its locks could not be read", e);
        }
    }

    @Override
    public String getCallbackName() {
        return "locks";
    }

    private static boolean unhurried(String text) {
        String sql = text.toLowerCase(Locale.ROOT);
        return sql.contains("concurrently") || sql.contains("validate constraint");
    }

    private static Map<String, List<String>> locks(Connection connection) throws SQLException {
        Map<String, List<String>> locks = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(LOCKS)) {
            while (rows.next()) {
                locks.computeIfAbsent(rows.getString(1), o -> new ArrayList<>()).add(rows.getString(2));
            }
        }
        return locks;
    }
}
