package runbook.migrations.individualprocessstatus;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import runbook.Eventually;
import runbook.OwnThread;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.Role;

/** One session of a race, moved on statement by statement. Each is in a transaction until it commits or rolls back. */
final class Session implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final Connection connection;
    private final Connection watcher;
    private final int pid;
    private @Nullable CompletableFuture<Long> running;

    Session(DevDatabase database, Role role) throws SQLException {
        connection = database.connect(role);
        watcher = database.connect(Role.RUNBOOK);
        // A thread that reads from a socket cannot be interrupted, so a race that never ends is ended by the server.
        number(connection, "set statement_timeout = '" + PATIENCE_SECONDS + "s'");
        pid = (int) number(connection, "select pg_backend_pid()");
        connection.setAutoCommit(false);
    }

    /** What a session is to do; the answer is a number, such as that of the rows it wrote. */
    @FunctionalInterface
    interface Work {
        long on(Connection connection) throws SQLException;
    }

    static Work sql(String statements) {
        return connection -> number(connection, statements);
    }

    /** Runs a statement to its end; the first number that it returns. */
    long run(String sql) throws SQLException {
        return number(connection, sql);
    }

    /** Does work of several statements to its end. */
    long does(Work work) throws SQLException {
        return work.on(connection);
    }

    /** Begins a statement, and returns when it has ended or waits for somebody. */
    void begin(String sql) throws Exception {
        begin(sql, sql(sql));
    }

    /** The same with work of several statements, told by its name. */
    boolean begin(String name, Work work) throws Exception {
        running = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.on(connection);
                    } catch (SQLException e) {
                        throw new IllegalStateException(e.getSQLState(), e);
                    }
                },
                OwnThread.EACH);
        Eventually.holds(
                "it ends or waits: " + name, Duration.ofSeconds(PATIENCE_SECONDS), () -> running.isDone() || waits());
        return running.isDone();
    }

    /** Begins a statement that is to wait for somebody, and returns when it does. */
    void runIntoWait(String sql) throws Exception {
        begin(sql);
        if (running.isDone()) {
            throw new AssertionError("did not wait, but returned " + running.get() + ": " + sql);
        }
    }

    boolean isDone() {
        return running != null && running.isDone();
    }

    /** Waits until the statement that was begun has ended. */
    long ends() throws Exception {
        try {
            return running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (SQLException) e.getCause().getCause();
        } catch (TimeoutException e) {
            throw new AssertionError("still waits", e);
        }
    }

    void commit() throws SQLException {
        connection.commit();
    }

    void rollback() throws SQLException {
        connection.rollback();
    }

    void repeatableRead() throws SQLException {
        isolation(Connection.TRANSACTION_REPEATABLE_READ);
    }

    /** Takes a snapshot at once. */
    void isolation(int level) throws SQLException {
        connection.setTransactionIsolation(level);
        number(connection, "select 1");
    }

    /** The process of the server that serves it. */
    int pid() {
        return pid;
    }

    /** The rows of a query, each as one text. */
    List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    private boolean waits() throws SQLException {
        return number(watcher, "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and pid = " + pid)
                == 1;
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean query = statement.execute(sql);
            while (!query && statement.getUpdateCount() >= 0) {
                int rows = statement.getUpdateCount();
                query = statement.getMoreResults();
                if (!query && statement.getUpdateCount() < 0) {
                    return rows;
                }
            }
            ResultSet result = statement.getResultSet();
            return result != null && result.next() && result.getObject(1) instanceof Number number
                    ? number.longValue()
                    : 0;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        watcher.close();
    }
}
