package runbook.sample;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One try at a transaction: runs statements, times each, and keeps what is to be logged once it is committed. */
final class Attempt {

    private final Connection connection;
    private final ChangeLog log;
    private final Latencies latencies;
    private final List<Change> changes = new ArrayList<>();
    private long due;
    private @Nullable String transaction;

    Attempt(Connection connection, ChangeLog log, Latencies latencies) {
        this.connection = connection;
        this.log = log;
        this.latencies = latencies;
    }

    /** From when the first statement's time counts: when it should have started. */
    Attempt due(long nanos) {
        due = nanos;
        return this;
    }

    /** Runs a statement that returns the number of rows it wrote. */
    int write(String sql, @Nullable Object... values) throws SQLException {
        long began = begin();
        try (PreparedStatement statement = prepare(sql, values)) {
            int rows = statement.executeUpdate();
            took(began);
            return rows;
        }
    }

    /** Runs a query and returns one column of its first row; empty list: no row, a null in it: null. */
    List<@Nullable Object> read(String sql, String column, @Nullable Object... values) throws SQLException {
        long began = begin();
        try (PreparedStatement statement = prepare(sql, values);
                ResultSet rows = statement.executeQuery()) {
            List<@Nullable Object> first = new ArrayList<>();
            if (rows.next()) {
                first.add(rows.getObject(column));
            }
            took(began);
            return first;
        }
    }

    /** Keeps the first look at a process; the caller holds its row. */
    void found(long process, @Nullable Object status) {
        log.found(process, (String) status);
    }

    boolean unseen(long process) {
        return log.unseen(process);
    }

    void made(long process) {
        log.made(process);
    }

    /** Keeps a change that the statement before has made; the row stays locked until the commit. */
    void changed(Change.Kind kind, Change.Way way, Action action, @Nullable String notes) {
        boolean gone = kind == Change.Kind.DELETE;
        boolean without = way == Change.Way.NEW_SHAPE;
        Long actor = way == Change.Way.ADD_STATUS ? Long.valueOf(ActionMix.admin(action)) : action.actor();
        String after = gone || without ? null : action.status();
        changes.add(new Change(log.draw(), action.process(), kind, way, null, after, actor, notes));
    }

    List<Change> changes() {
        return changes;
    }

    /** Asks for the transaction's number and the server's start, by which the outcome of a commit that nobody answered is looked up. */
    void number() throws SQLException {
        if (!changes.isEmpty()) {
            Object id = read("select pg_current_xact_id()::text || ' ' || pg_postmaster_start_time() as id", "id")
                    .get(0);
            transaction = (String) id;
        }
    }

    @Nullable
    String transaction() {
        return transaction;
    }

    void commit() throws SQLException {
        long began = begin();
        connection.commit();
        took(began);
    }

    private long begin() {
        long began = due == 0 ? System.nanoTime() : due;
        due = 0;
        return began;
    }

    private void took(long began) {
        latencies.record((System.nanoTime() - began) / 1_000);
    }

    private PreparedStatement prepare(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value == null) {
                statement.setNull(i + 1, java.sql.Types.OTHER);
            } else {
                statement.setObject(i + 1, value);
            }
        }
        return statement;
    }
}
