package runbook.engine;

import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.Condition;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import runbook.spi.Backfill;

/** The engine's own batch, in each of its ways to deal with others, on a session that a race moves on step by step. */
public enum EngineBatch {
    WAIT(Batch.Lock.WAIT),
    PASS_BY(Batch.Lock.PASS_BY),
    UNCLAIMED(Batch.Lock.UNCLAIMED);

    private final Batch.Lock lock;

    EngineBatch(Batch.Lock lock) {
        this.lock = lock;
    }

    /** Brings the units of a range over, in the transaction that is open; how many. */
    public long copied(Connection connection, Backfill backfill, Condition range) throws SQLException {
        try {
            return Batch.of(backfill)
                    .run(DSL.using(connection, SQLDialect.POSTGRES), range, Batch.BACKFILL, lock)
                    .copied();
        } catch (DataAccessException e) {
            SQLException cause = e.getCause(SQLException.class);
            throw cause == null ? new SQLException(e) : cause;
        }
    }
}
