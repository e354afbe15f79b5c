package runbook.engine;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static runbook.generated.engine.Tables.SCRIPT;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.DSLContext;
import org.jooq.SQL;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import runbook.message.Admit;
import runbook.message.Run;
import runbook.message.StartInput;
import runbook.spi.Migration;

/**
 * Which locks each script would take, found by running the scripts on an empty copy of the old shape: a scratch database
 * on the target's server, dropped when this is closed.
 */
public final class LockPlan implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String PREFIX = "runbook_plan_";

    /** What {@code CREATE INDEX CONCURRENTLY} takes on its table; it holds no lock at the end by which it could be seen. */
    private static final String CONCURRENT = "ShareUpdateExclusiveLock";

    private final Target target;
    private final Migration migration;
    private @Nullable String database;
    private @Nullable Target scratch;

    private LockPlan(Target target, Migration migration) {
        this.target = target;
        this.migration = migration;
    }

    /**
     * The locks of one script.
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

    /** Runs the scripts, phase by phase, and tells what each of them locked. */
    public List<Script> scripts() {
        Target scratch = scratch();
        Scripts.install(scratch);
        Scripts.createLegacy(scratch, migration.name());
        List<String> existing = objects(scratch);
        Run run = Runs.own(
                        scratch,
                        new Admit(
                                StartInput.of(Map.of("migration", migration.name(), "target", target.name()))
                                        .start(),
                                List.of(),
                                "plan",
                                "plan"),
                        "plan",
                        Owners.nobody())
                .run();
        List<Script> scripts = new ArrayList<>();
        for (String folder : List.of("schema", "constraints", "cleanup", "final")) {
            Map<String, String> texts = ScriptFolder.texts(migration.name(), folder);
            if (!texts.isEmpty()) {
                Scripts.apply(scratch, run, folder, Pulse.NONE);
                texts.forEach((script, text) -> scripts.add(script(folder, script, text, existing)));
            }
        }
        return scripts;
    }

    private Script script(String folder, String script, String text, List<String> existing) {
        List<Lock> locks = new ArrayList<>();
        seen(folder, script)
                .forEach((object, modes) ->
                        modes.forEach(mode -> locks.add(new Lock(object, mode, existing.contains(object)))));
        boolean concurrent = text.toLowerCase(Locale.ROOT).contains(" concurrently");
        if (concurrent) {
            locks.clear();
            indexed(text).forEach(table -> locks.add(new Lock(table, CONCURRENT, existing.contains(table))));
        }
        return new Script(folder, script, !concurrent && !split(folder, script), List.copyOf(locks));
    }

    /** Whether the script says that it commits by itself. */
    private boolean split(String folder, String script) {
        String settings = "db/" + migration.name() + "/" + folder + "/" + script + ".conf";
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try (InputStream file = loader == null ? null : loader.getResourceAsStream(settings)) {
            return file != null
                    && new String(file.readAllBytes(), StandardCharsets.UTF_8)
                            .replace(" ", "")
                            .contains("executeInTransaction=false");
        } catch (IOException e) {
            throw new UncheckedIOException(settings, e);
        }
    }

    private Map<String, List<String>> seen(String folder, String script) {
        String json = scratch()
                .dsl()
                .select(SCRIPT.LOCKS)
                .from(SCRIPT)
                .where(SCRIPT.FOLDER.eq(folder))
                .and(SCRIPT.SCRIPT_.eq(script))
                .fetchOptional(SCRIPT.LOCKS)
                .map(locks -> locks.data())
                .filter(text -> text.startsWith("{"))
                .orElse("{}");
        try {
            return MAPPER.readValue(json, new TypeReference<TreeMap<String, List<String>>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("script " + script + ": its locks are no JSON object", e);
        }
    }

    /** Tables of the indexes that the text names. */
    private List<String> indexed(String text) {
        return scratch().dsl().resultQuery("""
                        select distinct format('%I.%I', n.nspname, t.relname) as table
                        from pg_catalog.pg_index i
                        join pg_catalog.pg_class c on c.oid = i.indexrelid
                        join pg_catalog.pg_class t on t.oid = i.indrelid
                        join pg_catalog.pg_namespace n on n.oid = t.relnamespace
                        where n.nspname not in ('pg_catalog', 'pg_toast', 'runbook')
                          and {0} ~ ('\\m' || c.relname || '\\M')
                        order by 1
                        """, inline(text)).fetch(0, String.class);
    }

    private static List<String> objects(Target scratch) {
        return scratch.dsl().resultQuery("""
                        select format('%I.%I', n.nspname, c.relname)
                        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                        where n.nspname not in ('pg_catalog', 'pg_toast', 'information_schema', 'runbook')
                        """).fetch(0, String.class);
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
