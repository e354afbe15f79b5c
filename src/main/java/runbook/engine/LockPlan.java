package runbook.engine;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.SQL;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import runbook.spi.Migration;

/**
 * Which locks each piece of DDL would take, found by running it on an empty copy of the old shape: a scratch database on
 * the target's server, dropped when this is closed.
 */
public final class LockPlan implements AutoCloseable {

    private static final String PREFIX = "runbook_plan_";

    private final Target target;
    private final Migration migration;
    private @Nullable String database;
    private @Nullable Target scratch;

    private LockPlan(Target target, Migration migration) {
        this.target = target;
        this.migration = migration;
    }

    /**
     * The locks of one script, or of a transaction that the engine makes by itself.
     *
     * @param inTransaction whether all of it is one transaction; otherwise its locks were derived, not seen
     */
    public record Script(String folder, String script, boolean inTransaction, List<Lock> locks) {}

    /** @param existing whether the object is there before the migration begins, so that the application can wait for it */
    public record Lock(String object, String mode, boolean existing) {}

    /**
     * Creates the scratch database with the old shape in it. What a killed plan of this role left is dropped first.
     *
     * @throws RunbookException when the role may not create databases, or the migration has no script for its old shape
     */
    public static LockPlan open(Target target, Migration migration) {
        if (ScriptFolder.texts(migration.name(), "legacy").isEmpty()) {
            throw new RunbookException(migration.name() + ": there is no folder db/" + migration.name()
                    + "/legacy with the old shape, so locks cannot be tried out. Nothing was created."
                    + " The plan without --target needs none.");
        }
        LockPlan plan = new LockPlan(target, migration);
        try {
            plan.create();
            return plan;
        } catch (RuntimeException e) {
            plan.close();
            throw e;
        }
    }

    /** Goes the whole way, and the way back, and tells what was locked where. */
    public List<Script> scripts() {
        return new LockRehearsal(scratch(), migration).scripts();
    }

    private void create() {
        DSLContext dsl = target.dsl();
        for (String left : leftovers(dsl)) {
            drop(dsl, left);
        }
        byte[] chance = new byte[6];
        new SecureRandom().nextBytes(chance);
        String name = PREFIX + HexFormat.of().formatHex(chance);
        try {
            dsl.execute("create database {0} template template0", name(name));
        } catch (DataAccessException e) {
            throw new RunbookException(
                    "target '" + target.name() + "': the scratch database for the lock plan was refused (SQLSTATE "
                            + e.sqlState() + "). Nothing was created. ./runbook grants " + migration.name()
                            + " prints what the role needs.",
                    e);
        }
        synchronized (this) {
            database = name;
            scratch = new Target(target.name(), pool(name));
        }
    }

    private HikariDataSource pool(String name) {
        try {
            HikariDataSource like = target.sessions().unwrap(HikariDataSource.class);
            HikariConfig config = new HikariConfig();
            config.setPoolName(name);
            config.setJdbcUrl(like.getJdbcUrl());
            config.addDataSourceProperty("PGDBNAME", name);
            config.setConnectionInitSql(like.getConnectionInitSql());
            config.setConnectionTimeout(like.getConnectionTimeout());
            config.setMaximumPoolSize(like.getMaximumPoolSize());
            config.setMinimumIdle(0);
            return new HikariDataSource(config);
        } catch (SQLException e) {
            throw new RunbookException("target '" + target.name() + "': no session for the lock plan", e);
        }
    }

    /** Scratch databases of this role that nobody is connected to; one in use belongs to another plan. */
    private static List<String> leftovers(DSLContext dsl) {
        SQL mine = DSL.sql("""
                select d.datname::text from pg_catalog.pg_database d
                join pg_catalog.pg_roles r on r.oid = d.datdba and r.rolname = current_user
                where starts_with(d.datname, {0})
                  and not exists (select from pg_catalog.pg_stat_activity a where a.datid = d.oid)
                """, inline(PREFIX));
        return dsl.resultQuery(mine).fetch(0, String.class);
    }

    private static void drop(DSLContext dsl, String database) {
        dsl.execute("drop database if exists {0} with (force)", name(database));
    }

    private synchronized Target scratch() {
        if (scratch == null) {
            throw new IllegalStateException("the plan is closed");
        }
        return scratch;
    }

    /** Drops the scratch database; safe to call from a shutdown hook while scripts still run. */
    @Override
    public synchronized void close() {
        if (scratch != null) {
            scratch.close();
            scratch = null;
        }
        if (database != null) {
            drop(target.dsl(), database);
            database = null;
        }
    }
}
