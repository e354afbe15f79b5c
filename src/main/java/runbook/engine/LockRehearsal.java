package runbook.engine;

import static org.jooq.impl.DSL.inline;
import static runbook.generated.engine.Tables.SCRIPT;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import runbook.engine.LockPlan.Lock;
import runbook.engine.LockPlan.Script;
import runbook.message.Admit;
import runbook.message.Run;
import runbook.message.StartInput;
import runbook.spi.Migration;
import runbook.spi.Stage;

/** Takes an empty copy of the old shape there, back, there again and to the end, and sees what each piece of DDL locks. */
final class LockRehearsal {

    /** What {@code CREATE INDEX CONCURRENTLY} takes on its table; it holds no lock at the end by which it could be seen. */
    private static final String CONCURRENT = "ShareUpdateExclusiveLock";

    /** A dropped table has no name any more, but its lock is still there. */
    private static final String LOCKS = """
            select l.relation::bigint, coalesce(quote_ident(n.nspname) || '.' || quote_ident(c.relname), ''), l.mode
            from pg_catalog.pg_locks l
            left join pg_catalog.pg_class c on c.oid = l.relation
            left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where l.pid = pg_backend_pid() and l.granted and l.locktype = 'relation'
              and (n.nspname is null or n.nspname not in ('pg_catalog', 'pg_toast', 'runbook'))
            order by 2, 3
            """;

    private static final String OBJECTS = """
            select c.oid::bigint, format('%I.%I', n.nspname, c.relname)
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname not in ('pg_catalog', 'pg_toast', 'information_schema', 'runbook')
            """;

    private final Target scratch;
    private final Migration migration;
    private final Run run;
    private final Map<Long, String> existing;
    private final List<Script> seen = new ArrayList<>();

    /** Makes the old shape in an empty database. */
    LockRehearsal(Target scratch, Migration migration) {
        this.scratch = scratch;
        this.migration = migration;
        Scripts.install(scratch);
        Scripts.createLegacy(scratch, migration.name());
        existing = scratch.dsl()
                .resultQuery(OBJECTS)
                .fetchMap(row -> row.get(0, Long.class), row -> row.get(1, String.class));
        Map<String, Object> input = Map.of("migration", migration.name(), "target", scratch.name());
        Admit admit = new Admit(StartInput.of(input).start(), List.of(), "plan", "plan");
        run = Runs.own(scratch, admit, "plan", Owners.nobody()).run();
    }

    /** What was locked, in the order in which a run comes to it; the way back is last. */
    List<Script> scripts() {
        there();
        List<Script> way = take();
        back();
        List<Script> back = take();
        there();
        take();
        toTheEnd();
        way.addAll(take());
        way.addAll(back);
        return way;
    }

    private List<Script> take() {
        List<Script> taken = new ArrayList<>(seen);
        seen.clear();
        return taken;
    }

    private void there() {
        folder("schema");
        folder("constraints");
        for (Stage stage : migration.cutover()) {
            watched("cutover", "stage '" + stage.name() + "'", tx -> Switches.flip(tx, run, stage));
        }
    }

    private void back() {
        watched("rollback", "switches back", tx -> Switches.putBack(tx, run, migration.cutover()));
        folder("undo");
        watched("rollback", "new tables to the archive", tx -> WayBack.moveAside(tx, run, migration));
        WayBack.forget(scratch, migration);
    }

    private void toTheEnd() {
        folder("cleanup");
        watched("cleanup", "retire", tx -> Retirements.retire(tx, migration));
        folder("final");
        watched("cleanup", "drop", tx -> Retirements.dropping(migration).forEach(tx::execute));
    }

    private void folder(String folder) {
        Scripts.apply(scratch, run, folder, Pulse.NONE);
        ScriptFolder.texts(migration.name(), folder).forEach((script, text) -> seen.add(script(folder, script, text)));
    }

    /** A transaction that is no script. */
    private void watched(String folder, String what, Consumer<DSLContext> work) {
        List<Lock> locks = scratch.inTransaction(tx -> {
            work.accept(tx);
            return tx.resultQuery(LOCKS).fetch().stream()
                    .map(row -> lock(row.get(0, Long.class), row.get(1, String.class), row.get(2, String.class)))
                    .filter(lock -> !lock.object().isEmpty())
                    .toList();
        });
        if (!locks.isEmpty()) {
            seen.add(new Script(folder, what, true, locks));
        }
    }

    /** By the name that it had: it may have been moved. */
    private Lock lock(long relation, String name, String mode) {
        return new Lock(existing.getOrDefault(relation, name), mode, existing.containsKey(relation));
    }

    private Script script(String folder, String script, String text) {
        List<Lock> locks = new ArrayList<>();
        noted(folder, script).forEach((object, modes) -> modes.forEach(mode -> locks.add(lock(object, mode))));
        boolean concurrent = text.toLowerCase(Locale.ROOT).contains(" concurrently");
        if (concurrent) {
            locks.clear();
            indexed(text).forEach(table -> locks.add(lock(table, CONCURRENT)));
        }
        return new Script(folder, script, !concurrent && !split(folder, script), List.copyOf(locks));
    }

    private Lock lock(String object, String mode) {
        return new Lock(object, mode, existing.containsValue(object));
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

    private Map<String, List<String>> noted(String folder, String script) {
        String json = scratch.dsl()
                .select(SCRIPT.LOCKS)
                .from(SCRIPT)
                .where(SCRIPT.FOLDER.eq(folder))
                .and(SCRIPT.SCRIPT_.eq(script))
                .fetchOptional(SCRIPT.LOCKS)
                .map(locks -> locks.data())
                .filter(text -> text.startsWith("{"))
                .orElse("{}");
        return Json.lists(json);
    }

    /** Tables of the indexes that the text names. */
    private List<String> indexed(String text) {
        return scratch.dsl().resultQuery("""
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
}
