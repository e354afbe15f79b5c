package runbook.engine.backup;

import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jooq.Record;
import org.jooq.impl.DSL;
import runbook.engine.Target;

/**
 * One moment of a database that several sessions read. It lives as long as this object: a holder that dies takes the
 * snapshot along.
 */
final class Snapshot implements AutoCloseable {

    private final Target target;
    private final Session holder;
    private final List<Session> joined = new CopyOnWriteArrayList<>();
    private final String id;
    private final String lsn;
    private final Instant takenAt;

    private Snapshot(Target target, Session holder) {
        this.target = target;
        this.holder = holder;
        Record moment = holder.dsl()
                .fetchSingle("select pg_catalog.pg_export_snapshot() as id, pg_catalog.clock_timestamp() as at,"
                        + " pg_catalog.pg_current_wal_lsn()::text as lsn");
        this.id = moment.get("id", String.class);
        this.lsn = moment.get("lsn", String.class);
        this.takenAt = moment.get("at", OffsetDateTime.class).toInstant();
    }

    /**
     * Locks the tables against DDL and only then takes the snapshot: a TRUNCATE or a rewrite in between would show an
     * empty table to a snapshot that is older.
     */
    static Snapshot of(Target target, Collection<TableName> tables) throws SQLException {
        Session holder = new Session(target.sessions(), target.dsl());
        try {
            holder.dsl().execute("set transaction isolation level repeatable read, read only");
            for (TableName table : tables) {
                holder.dsl().execute("lock table only {0} in access share mode", table.quoted());
            }
            return new Snapshot(target, holder.faithful());
        } catch (RuntimeException e) {
            holder.closeAfter(e);
            throw e;
        }
    }

    /** Another session that sees the same rows; the caller closes it. */
    Session join() throws SQLException {
        Session session = new Session(target.sessions(), target.dsl());
        try {
            session.dsl().execute("set transaction isolation level repeatable read, read only");
            session.dsl().execute("set transaction snapshot {0}", DSL.inline(id));
            joined.add(session);
            return session.faithful();
        } catch (RuntimeException e) {
            session.closeAfter(e);
            throw e;
        }
    }

    Session holder() {
        return holder;
    }

    String id() {
        return id;
    }

    String lsn() {
        return lsn;
    }

    Instant takenAt() {
        return takenAt;
    }

    /** Ends what the sessions are doing. */
    void cancel() {
        holder.cancel();
        joined.forEach(Session::cancel);
    }

    @Override
    public void close() throws SQLException {
        holder.close();
    }
}
