package runbook.engine.backup;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SQL;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import runbook.engine.RunbookException;
import runbook.engine.Target;

/**
 * An empty database on the target's server, dropped when this is closed. Its name says whose it is
 * ({@code runbook_drill_<database>_<run>_<migration>_<chance>}), so that what a killed drill left is found by the next
 * drill of the same run, and by nobody else.
 */
final class Scratch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

    private static final int NAME_BYTES = 63;
    private static final int DROPS = 6;
    private static final long BETWEEN_DROPS_MILLIS = 1_000;

    /** Passwords are looked up by database name, too. */
    private static final String PASSWORD =
            "If its password is asked for: the line in .pgpass must have * as its database.";

    /** Columns of this catalog were renamed and added in three releases, so they are read by name out of JSON. */
    private static final String LOCALE = """
            select pg_catalog.pg_encoding_to_char(encoding) as encoding, datcollate::text as collate,
                   datctype::text as ctype, pg_catalog.to_jsonb(d) ->> 'datlocprovider' as provider,
                   coalesce(pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale') as locale,
                   pg_catalog.to_jsonb(d) ->> 'daticurules' as rules
            from pg_catalog.pg_database d where datname = pg_catalog.current_database()
            """;

    private final Target target;
    private final String name;
    private final HikariDataSource pool;
    private final List<Session> sessions = new CopyOnWriteArrayList<>();

    private Scratch(Target target, String name, HikariDataSource pool) {
        this.target = target;
        this.name = name;
        this.pool = pool;
    }

    /** Refuses a role that may not create databases, before any work is done. */
    static void demand(DSLContext dsl) {
        Record role = dsl.fetchSingle("select rolname::text as name, rolcreatedb or rolsuper as may"
                + " from pg_catalog.pg_roles where rolname = current_user");
        if (!role.get("may", Boolean.class)) {
            throw new RunbookException("drill: role " + role.get("name")
                    + " may not create the scratch database that the backup is restored into. Nothing was restored."
                    + " Cure: ALTER ROLE " + DSL.name(role.get("name", String.class))
                    + " CREATEDB; then send the signal 'retry'.");
        }
    }

    /** An empty database; what killed drills of the same owner left is dropped first. */
    static Scratch create(Target target, Owner owner) {
        DSLContext dsl = target.dsl();
        demand(dsl);
        String prefix = owner.prefix(dsl);
        for (String left : leftovers(dsl, prefix, owner.run() == 0)) {
            LOG.info("dropping {}, which a drill left behind", left);
            drop(dsl, left);
        }
        String name = name(prefix, owner.migration());
        dsl.execute("create database {0} template template0 {1}", DSL.name(name), locale(dsl));
        try {
            dsl.execute(
                    "comment on database {0} is {1}",
                    DSL.name(name),
                    DSL.inline("Scratch of a Runbook drill (" + owner.migration() + ", run " + owner.run()
                            + "). It is dropped when the drill ends."));
            return new Scratch(target, name, pool(target, name));
        } catch (RuntimeException e) {
            drop(dsl, name);
            throw e;
        }
    }

    /**
     * Whose drill it is.
     *
     * @param run 0 when a person asked for it outside of any run
     */
    record Owner(String migration, long run) {

        private String prefix(DSLContext dsl) {
            return "runbook_drill_"
                    + dsl.fetchSingle("select oid::bigint as id from pg_catalog.pg_database"
                                    + " where datname = pg_catalog.current_database()")
                            .get("id", Long.class)
                    + "_" + run + "_";
        }
    }

    Session session() throws SQLException {
        Session session = new Session(pool, target.dsl());
        sessions.add(session);
        return session.faithful();
    }

    String name() {
        return name;
    }

    void cancel() {
        sessions.forEach(Session::cancel);
    }

    @Override
    public void close() {
        pool.close();
        drop(target.dsl(), name);
    }

    /** A drill by hand may run beside another one: what nobody is connected to is left over. */
    private static List<String> leftovers(DSLContext dsl, String prefix, boolean idle) {
        return dsl.fetch(
                        "select d.datname::text as name from pg_catalog.pg_database d"
                                + " join pg_catalog.pg_roles r on r.oid = d.datdba"
                                + " where pg_catalog.starts_with(d.datname, {0}) and r.rolname = current_user"
                                + " and not ({1} and exists (select from pg_catalog.pg_stat_activity a"
                                + " where a.datid = d.oid)) order by 1",
                        DSL.inline(prefix), DSL.inline(idle))
                .getValues("name", String.class);
    }

    private static String name(String prefix, String migration) {
        byte[] chance = new byte[4];
        new SecureRandom().nextBytes(chance);
        String end = "_" + HexFormat.of().formatHex(chance);
        String middle = migration.replaceAll("[^a-z0-9_]", "_");
        int room = NAME_BYTES - prefix.length() - end.length();
        return prefix + middle.substring(0, Math.max(0, Math.min(room, middle.length()))) + end;
    }

    private static SQL locale(DSLContext dsl) {
        Record locale = dsl.fetchSingle(LOCALE);
        String provider = locale.get("provider", String.class);
        SQL own = DSL.sql(
                "encoding {0} lc_collate {1} lc_ctype {2}",
                DSL.inline(locale.get("encoding", String.class)),
                DSL.inline(locale.get("collate", String.class)),
                DSL.inline(locale.get("ctype", String.class)));
        if (provider == null || "c".equals(provider)) {
            return own;
        }
        String words = "i".equals(provider)
                ? "{0} locale_provider icu icu_locale {1}"
                : "{0} locale_provider builtin builtin_locale {1}";
        String rules = locale.get("rules", String.class);
        return DSL.sql(
                rules == null ? words : words + " icu_rules {2}",
                own,
                DSL.inline(locale.get("locale", String.class)),
                DSL.inline(rules));
    }

    /** The target's own sessions, pins and all, on another database. */
    private static HikariDataSource pool(Target target, String database) {
        try {
            HikariDataSource like = target.sessions().unwrap(HikariDataSource.class);
            HikariConfig config = new HikariConfig();
            config.setPoolName("runbook-" + database);
            config.setJdbcUrl(like.getJdbcUrl());
            config.setConnectionInitSql(like.getConnectionInitSql());
            config.setConnectionTimeout(like.getConnectionTimeout());
            config.addDataSourceProperty("PGDBNAME", database);
            config.setMaximumPoolSize(2);
            config.setMinimumIdle(0);
            return new HikariDataSource(config);
        } catch (SQLException | RuntimeException e) {
            throw Failure.at("drill: database " + database, "Nothing was restored. " + PASSWORD, e);
        }
    }

    /**
     * By turns: FORCE ends sessions of our own role, and is refused while an autovacuum runs; without it, the server ends
     * the autovacuum and waits a moment for the rest.
     */
    private static void drop(DSLContext dsl, String database) {
        for (int attempt = 1; ; attempt++) {
            try {
                dsl.execute(
                        attempt % 2 == 1 ? "drop database if exists {0} with (force)" : "drop database if exists {0}",
                        DSL.name(database));
                return;
            } catch (DataAccessException e) {
                if (attempt == DROPS) {
                    throw Failure.at(
                            "drill: scratch database " + database,
                            "It is still there. Remove it: DROP DATABASE " + DSL.name(database) + " WITH (FORCE);",
                            e);
                }
                LOG.info("{} cannot be dropped yet (SQLSTATE {}), trying again", database, Failure.code(e));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_DROPS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunbookException("drill: interrupted while dropping a scratch database", e);
        }
    }
}
