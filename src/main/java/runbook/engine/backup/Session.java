package runbook.engine.backup;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.impl.DSL;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session in one transaction, for COPY and the statements around it. Another thread may cancel what it does. */
final class Session implements AutoCloseable {

    /**
     * Under these, text is read back as the same value: what pg_dump pins, and what money and xml need. The rest is
     * pinned for every session of a target.
     */
    private static final Map<String, String> FAITHFUL = Map.of(
            "intervalstyle", "postgres",
            "lc_monetary", "C",
            "xmloption", "content",
            "standard_conforming_strings", "on",
            "quote_all_identifiers", "off",
            "synchronize_seqscans", "off",
            "check_function_bodies", "off");

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final Connection connection;
    private final DSLContext dsl;

    /** A session of the pool whose transaction begins with the next statement. */
    Session(DataSource pool, DSLContext like) throws SQLException {
        this.connection = pool.getConnection();
        try {
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        this.dsl = like.configuration().derive(connection).dsl();
    }

    DSLContext dsl() {
        return dsl;
    }

    /** Pins the settings under which text is read back as the same value, until the transaction ends. */
    Session faithful() {
        FAITHFUL.forEach((name, value) ->
                dsl.fetch("select pg_catalog.set_config({0}, {1}, true)", DSL.inline(name), DSL.inline(value)));
        return this;
    }

    /** Runs a statement that quotes the catalog: question marks and braces in it are operators, not parameters. */
    void execute(Query statement) throws SQLException {
        execute(dsl.renderInlined(statement));
    }

    /** As above. */
    void execute(String statement) throws SQLException {
        try (Statement plain = connection.createStatement()) {
            plain.setEscapeProcessing(false);
            plain.execute(statement);
        }
    }

    /** Takes a piece of a COPY. */
    @FunctionalInterface
    interface Sink {
        void take(byte[] piece) throws IOException, SQLException;
    }

    /** Hands every piece of a COPY … TO STDOUT on and gives the number of rows. */
    long copyOut(Query copy, Sink sink) throws SQLException, IOException {
        CopyOut out = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(dsl.renderInlined(copy));
        try {
            for (byte[] piece = out.readFromCopy(); piece != null; piece = out.readFromCopy()) {
                sink.take(piece);
                stopIfInterrupted();
            }
            return out.getHandledRowCount();
        } finally {
            if (out.isActive()) {
                out.cancelCopy();
            }
        }
    }

    /** Gives pieces to a COPY … FROM STDIN. */
    @FunctionalInterface
    interface Source {
        void giveTo(Sink sink) throws IOException, SQLException;
    }

    /** Feeds a COPY … FROM STDIN and gives the number of rows. */
    long copyIn(Query copy, Source source) throws SQLException, IOException {
        CopyIn in = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(dsl.renderInlined(copy));
        try {
            source.giveTo(piece -> {
                in.writeToCopy(piece, 0, piece.length);
                stopIfInterrupted();
            });
            return in.endCopy();
        } finally {
            if (in.isActive()) {
                in.cancelCopy();
            }
        }
    }

    void commit() throws SQLException {
        connection.commit();
    }

    /** Ends the statement that is running, if one is. */
    void cancel() {
        try {
            if (!connection.isClosed()) {
                connection.unwrap(PGConnection.class).cancelQuery();
            }
        } catch (SQLException e) {
            LOG.warn("a statement could not be cancelled (SQLSTATE {}); it ends with its session", e.getSQLState());
        }
    }

    /** Closes after an error that is to be thrown on. */
    void closeAfter(Exception error) {
        try {
            close();
        } catch (SQLException e) {
            error.addSuppressed(e);
        }
    }

    /** Rolls back what was not committed. */
    @Override
    public void close() throws SQLException {
        try (connection) {
            connection.rollback();
        }
    }

    private static void stopIfInterrupted() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("no longer wanted");
        }
    }
}
