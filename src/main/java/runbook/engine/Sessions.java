package runbook.engine;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A pool that knows which thread holds which session, so that a statement nobody wants any more ends in the server. */
final class Sessions extends HikariDataSource {

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final Map<Thread, Queue<Connection>> held = new ConcurrentHashMap<>();

    Sessions(HikariConfig config) {
        super(config);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection session = super.getConnection();
        held.keySet().removeIf(thread -> !thread.isAlive());
        Queue<Connection> mine = held.computeIfAbsent(Thread.currentThread(), thread -> new ConcurrentLinkedQueue<>());
        mine.removeIf(Sessions::closed);
        mine.add(session);
        return session;
    }

    /** Ends the statements that the thread is waiting for; between two statements it does nothing. */
    void cancel(Thread holder) {
        for (Connection session : held.getOrDefault(holder, new ConcurrentLinkedQueue<>())) {
            try {
                if (!session.isClosed()) {
                    session.unwrap(PGConnection.class).cancelQuery();
                }
            } catch (SQLException e) {
                LOG.warn("a statement could not be cancelled (SQLSTATE {}); it runs to its end", e.getSQLState());
            }
        }
    }

    private static boolean closed(Connection session) {
        try {
            return session.isClosed();
        } catch (SQLException e) {
            LOG.warn("a session cannot be asked whether it is closed (SQLSTATE {})", e.getSQLState());
            return true;
        }
    }
}
