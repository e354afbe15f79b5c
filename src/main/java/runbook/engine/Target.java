package runbook.engine;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;

/**
 * A database that is migrated. Every session is pinned: no row-level filter in silence, one time zone, no search path,
 * short lock waits, and none of the time-outs that the role may have been given.
 */
public final class Target implements AutoCloseable {

    /** In a transaction that others wait for nothing is done between two statements that takes nearly as long. */
    static final Duration LONGEST_IDLE = Duration.ofSeconds(10);

    static final Settings RENDERING = new Settings()
            .withRenderQuotedNames(RenderQuotedNames.ALWAYS)
            .withExecuteLogging(false)
            .withFetchWarnings(false);

    private final String name;
    private final HikariDataSource pool;
    private final DSLContext dsl;

    Target(String name, HikariDataSource pool) {
        this.name = name;
        this.pool = pool;
        this.dsl = DSL.using(pool, SQLDialect.POSTGRES, RENDERING);
    }

    /** The service name. */
    public String name() {
        return name;
    }

    /** Queries that each are a transaction of their own. */
    public DSLContext dsl() {
        return dsl;
    }

    /** For libraries that open sessions themselves; these are pinned too. */
    public DataSource sessions() {
        return pool;
    }

    /** Runs the work in one transaction; whatever it throws rolls back. */
    public <T> T inTransaction(Function<DSLContext, T> work) {
        return dsl.transactionResult(transaction -> work.apply(transaction.dsl()));
    }

    /** Runs the work at one snapshot that nothing can be written in. */
    public <T> T atOneSnapshot(Function<DSLContext, T> work) {
        return inTransaction(tx -> {
            tx.execute("set transaction isolation level repeatable read, read only");
            return work.apply(tx);
        });
    }

    /**
     * Runs one statement, in no transaction, that waits for its lock as long as it takes: for {@code ANALYZE} and
     * {@code VACUUM}, whose lock no application waits behind, while an autovacuum keeps it until somebody has waited for
     * a second.
     */
    public void unhurried(Query statement) {
        dsl.connection(session -> {
            DSLContext alone = DSL.using(session, SQLDialect.POSTGRES, RENDERING);
            alone.execute("set lock_timeout = 0");
            try (AutoCloseable hurried = () -> alone.execute(Targets.HURRIED)) {
                alone.execute(statement);
            }
        });
    }

    /** A session for what jOOQ does not do, such as COPY; the caller closes it. */
    public Connection session() throws SQLException {
        return pool.getConnection();
    }

    /** Ends, in the server, the statement that the thread is waiting for. */
    public void cancel(Thread holder) {
        if (pool instanceof Sessions sessions) {
            sessions.cancel(holder);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
