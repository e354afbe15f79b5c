package runbook.sample;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of the application: runs transactions, tries again what must be, reconnects when it was cut off. */
final class WriterSession implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(WriterSession.class);

    private static final int TRIES = 50;

    /**
     * What became of a transaction, by its number and the start of the server that gave it. A server that crashed gives
     * numbers that had not reached its disk again: those from the one on with which its recovery ended were not kept.
     */
    private static final String OUTCOME = """
            select case
                when split_part(asked.id, ' ', 2) <> split_part(pg_postmaster_start_time()::text, ' ', 1)
                    or split_part(asked.id, ' ', 3) <> split_part(pg_postmaster_start_time()::text, ' ', 2)
                then case
                    when split_part(asked.id, ' ', 1)::bigint
                        < (split_part(next_xid, ':', 1)::bigint << 32) + split_part(next_xid, ':', 2)::bigint
                    then pg_xact_status(split_part(asked.id, ' ', 1)::xid8)
                    else 'aborted' end
                else pg_xact_status(split_part(asked.id, ' ', 1)::xid8) end as status
            from (select ?::text as id) asked, pg_control_checkpoint()""";

    private final ApplicationWriter writer;
    private final ActionMix mix;
    private final boolean holdsOpen;
    private final Tally tally;
    private @Nullable Connection connection;
    private int isolation;

    WriterSession(ApplicationWriter writer, ActionMix mix, boolean holdsOpen) {
        this.writer = writer;
        this.mix = mix;
        this.holdsOpen = holdsOpen;
        this.tally = writer.tally();
    }

    @Override
    public void run() {
        try {
            while (!writer.closing()) {
                Plan plan = holdsOpen ? mix.nextHeldOpen() : mix.next();
                long due = holdsOpen ? 0 : writer.waitForTurn(plan.actions().size());
                if (writer.enter()) {
                    try {
                        transact(plan, due);
                    } finally {
                        writer.leave();
                    }
                }
                if (holdsOpen) {
                    writer.rest(500);
                }
            }
        } catch (RuntimeException e) {
            tally.error("the writer itself: " + e);
            throw e;
        } finally {
            disconnect();
        }
    }

    private void transact(Plan plan, long due) {
        Plan current = plan;
        for (int attempt = 1; attempt <= TRIES && !writer.closed(); attempt++) {
            Shape shape = new LegacyShape();
            try {
                Connection open = connected();
                shape = shape(open, current);
                attempt(open, current, shape, attempt == 1 ? due : 0);
                tally.transactions.increment();
                return;
            } catch (SQLException e) {
                Fault fault = Fault.of(e, current);
                if (!again(fault, e, shape)) {
                    return;
                }
                current = fault == Fault.REFUSED ? current.legacy() : current;
            }
        }
    }

    /** Counts what went wrong; true where the application tries again. */
    private boolean again(Fault fault, SQLException error, Shape shape) {
        switch (fault) {
            case SERIALIZATION -> tally.serializationFailures.increment();
            case REFUSED -> tally.refused.increment();
            case DEADLOCK -> {
                tally.deadlocks.increment();
                tally.error(describe(error, shape));
            }
            case LOST -> tally.interruptions.add(connection == null ? 0 : 1);
            case ERROR -> tally.error(describe(error, shape));
        }
        if (fault == Fault.LOST) {
            disconnect();
            writer.rest(200);
            return false;
        }
        rollback();
        return fault == Fault.SERIALIZATION || fault == Fault.REFUSED;
    }

    private static String describe(SQLException error, Shape shape) {
        return Fault.state(error) + " " + error.getMessage() + " ("
                + shape.getClass().getSimpleName() + ")";
    }

    /** Asks before each transaction, as a release with a feature flag does. */
    private Shape shape(Connection open, Plan plan) throws SQLException {
        if (writer.newShapeOnly()) {
            return new NewShape();
        }
        if (plan.throughAddStatus()) {
            open.setAutoCommit(true);
            Attempt probe = new Attempt(open, writer.log(), writer.latencies());
            if (truth(
                            probe,
                            "select to_regprocedure('individual_process_status.new_status_system(bigint)') is not null as id")
                    && truth(probe, "select individual_process_status.new_status_system() as id")) {
                return new AddStatusShape();
            }
        }
        return new LegacyShape();
    }

    private static boolean truth(Attempt probe, String query) throws SQLException {
        return Boolean.TRUE.equals(probe.read(query, "id").get(0));
    }

    private void attempt(Connection open, Plan plan, Shape shape, long due) throws SQLException {
        begin(open, plan);
        Attempt attempt = new Attempt(open, writer.log(), writer.latencies()).due(due);
        for (Action action : plan.actions()) {
            shape.perform(attempt, action);
        }
        if (!plan.hold().isZero()) {
            writer.rest(plan.hold().toMillis());
        }
        attempt.number();
        boolean committed;
        try {
            attempt.commit();
            committed = true;
        } catch (SQLException e) {
            if (!Fault.lost(e)) {
                throw e;
            }
            tally.interruptions.increment();
            disconnect();
            committed = outcome(attempt);
        }
        if (committed) {
            keep(attempt.changes());
        }
    }

    private void begin(Connection open, Plan plan) throws SQLException {
        int wanted =
                plan.repeatableRead() ? Connection.TRANSACTION_REPEATABLE_READ : Connection.TRANSACTION_READ_COMMITTED;
        if (isolation != wanted) {
            open.setAutoCommit(true);
            open.setTransactionIsolation(wanted);
            isolation = wanted;
        }
        open.setAutoCommit(false);
    }

    private void keep(List<Change> changes) {
        writer.log().committed(new ArrayList<>(changes));
        for (Change change : changes) {
            if (change.way() == Change.Way.ADD_STATUS) {
                tally.throughAddStatus.increment();
            }
            if (change.kind() == Change.Kind.INSERT) {
                writer.processes().inserted(change.process());
            } else if (change.kind() == Change.Kind.DELETE) {
                writer.processes().deleted(change.process());
            }
        }
    }

    /** Whether a transaction whose commit got no answer was committed: the database knows, once it is back. */
    private boolean outcome(Attempt attempt) {
        if (attempt.changes().isEmpty()) {
            return false;
        }
        while (!writer.closed()) {
            try (var statement = connected().prepareStatement(OUTCOME)) {
                statement.setString(1, attempt.transaction());
                String status = answer(statement);
                if (status != null && !status.equals("in progress")) {
                    return status.equals("committed");
                }
                if (status == null) {
                    break;
                }
            } catch (SQLException e) {
                disconnect();
            }
            LockSupport.parkNanos(100_000_000L);
        }
        tally.ambiguous.increment();
        return false;
    }

    private static @Nullable String answer(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? rows.getString("status") : null;
        }
    }

    private Connection connected() throws SQLException {
        Connection open = connection;
        if (open == null || open.isClosed()) {
            open = writer.open();
            connection = open;
            isolation = Connection.TRANSACTION_READ_COMMITTED;
        }
        return open;
    }

    private void rollback() {
        try {
            Connection open = connection;
            if (open != null && !open.getAutoCommit()) {
                open.rollback();
            }
        } catch (SQLException e) {
            tally.interruptions.increment();
            disconnect();
        }
    }

    private void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("a session that was lost already did not close", e);
            }
        }
    }
}
