package runbook.engine;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.sum;
import static runbook.generated.engine.Tables.FOREIGN_WRITE;
import static runbook.generated.engine.Tables.SWITCHED;
import static runbook.generated.engine.Tables.WATCH;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.Table;
import org.jooq.impl.DSL;
import runbook.engine.Results.Look;
import runbook.message.CheckVerdict;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Migration;
import runbook.spi.Severity;

/**
 * Notes, from the expansion until the first switch of the cutover, who else writes to the new tables: nobody does who
 * knows of the migration. Triggers for each statement let the write through and keep it in {@code runbook.foreign_write}.
 *
 * <p>The engine's own sessions say so in {@code runbook.session}, which counts only for a role that may write the engine's
 * tables; a mirror is known by the stack of calls, so an author has nothing to do for that. Of 200,000 rows copied in
 * batches of 2,000 it took 20 ms more of the server's 570 ms, and 15 µs more for each statement of a mirror. A trigger
 * for each row took 75 ms more, and would cost a large foreign statement a call a row; the price is that rows which a
 * subscription of logical replication brings are not seen, since that fires no trigger for a statement.
 */
final class ForeignWrites {

    static final String CLAIM = "nobody but the copy, the mirrors and the listed roles writes to the new tables";

    /** Ours, by a session that may say so. */
    private static final String ANYBODY_ELSE =
            "when (current_setting('runbook.session', true) is distinct from 'on' or not"
                    + " has_table_privilege(session_user, 'runbook.foreign_write'::regclass, 'insert'))";

    private static final String CALLS = "execute function runbook.note_foreign_write({2}, {3}, {4})";

    /** What each kind of statement leaves to look at. */
    private static final Map<String, String> KINDS = new TreeMap<>(Map.of(
            "insert", "referencing new table as changed",
            "update", "referencing old table as changed",
            "delete", "referencing old table as changed",
            "truncate", ""));

    /** How a function of a mirror is written in a stack of calls: with its schema, or without. */
    private static final String STACKS = """
            select coalesce(array_agg(distinct mark || replace(quote_ident(p.proname), '\\', '\\\\') || '(%'), '{}')::text
            from pg_catalog.pg_trigger t join pg_catalog.pg_proc p on p.oid = t.tgfoid, unnest(array['% ', '%.']) mark
            where t.tgrelid::bigint in ({0}) and t.tgname in ({1})""";

    private static final String THERE =
            "select count(*) from pg_catalog.pg_trigger where tgrelid::bigint = {0} and tgname in ({1})";

    private static final String FIRING = THERE + " and tgenabled = 'A'";

    private ForeignWrites() {}

    /** From now on; a second call finds it so. Nobody of the application has anything to do with these tables yet. */
    static void watch(Target target, Run run, Migration migration, Pulse pulse) {
        String stacks = stacks(target.dsl(), migration);
        for (Table<?> table : tables(target.dsl(), migration)) {
            Tries.forLocks(
                    target,
                    run,
                    "watch of " + Sql.shown(table),
                    pulse,
                    tries -> target.inTransaction(tx -> {
                        Runs.fence(tx, run);
                        watching(table, String.valueOf(run.id()), migration.mayWrite(), stacks)
                                .forEach(tx::execute);
                        // What came while the application wrote there rightly stays no line of this.
                        tx.deleteFrom(FOREIGN_WRITE)
                                .where(FOREIGN_WRITE.RUN.eq(run.id()))
                                .and(FOREIGN_WRITE.RELATION.eq(Sql.shown(table)))
                                .and(afterwards())
                                .execute();
                        return tx.insertInto(WATCH)
                                .set(WATCH.RUN, run.id())
                                .set(WATCH.RELATION, Sql.shown(table))
                                .set(WATCH.ROLES, migration.mayWrite().toArray(String[]::new))
                                .onConflict()
                                .doUpdate()
                                .setNull(WATCH.UNTIL)
                                .execute();
                    }));
        }
    }

    /** In the transaction of a switch: what the application writes there from now on is its right. */
    static void over(DSLContext tx, Run run) {
        tx.update(WATCH)
                .set(WATCH.UNTIL, currentOffsetDateTime())
                .where(WATCH.RUN.eq(run.id()))
                .and(WATCH.UNTIL.isNull())
                .execute();
    }

    /** After the first switch, or before the tables go; a second call finds nothing to do. */
    static void end(Target target, Run run, Migration migration, Pulse pulse) {
        for (Table<?> table : tables(target.dsl(), migration)) {
            if (count(target.dsl(), THERE, table) > 0) {
                Tries.forLocks(
                        target,
                        run,
                        "end of the watch of " + Sql.shown(table),
                        pulse,
                        tries -> target.inTransaction(tx -> {
                            Runs.fence(tx, run);
                            KINDS.keySet()
                                    .forEach(kind -> tx.execute(
                                            "drop trigger if exists {0} on {1}", DSL.name(trigger(kind)), table));
                            return table;
                        }));
            }
        }
        target.inTransaction(tx -> {
            Runs.fence(tx, run);
            over(tx, run);
            return run;
        });
    }

    /** How one table is watched. */
    static List<Query> watching(Table<?> table, String run, List<String> roles, String stacks) {
        List<Query> queries = new ArrayList<>();
        KINDS.forEach((kind, rows) -> {
            queries.add(DSL.query(
                    "create or replace trigger {0} after " + kind + " on {1} " + rows + " for each statement "
                            + ANYBODY_ELSE + " " + CALLS,
                    DSL.name(trigger(kind)),
                    table,
                    inline(run),
                    inline(array(roles)),
                    inline(stacks)));
            // Also where session_replication_role is replica.
            queries.add(DSL.query("alter table {0} enable always trigger {1}", table, DSL.name(trigger(kind))));
        });
        return queries;
    }

    /** Advisory, since what they wrote is compared like everything else; it stays on record, whatever is done about it. */
    static CheckVerdict check(Results results, Migration migration) {
        return results.run(CLAIM, Severity.ADVISORY, tx -> {
            Map<String, Long> found = counted(tx, results.of());
            List<String> blind = blind(tx, results.of(), migration);
            String not = blind.isEmpty() ? "" : "not watched: " + String.join(", ", blind);
            if (found.isEmpty()) {
                return new Look(blind.isEmpty() ? Verdict.PASSED : Verdict.NOT_VERIFIED, not, null);
            }
            String words = found.entrySet().stream()
                    .map(entry ->
                            entry.getValue() + (entry.getValue() == 1 ? " row of " : " rows of ") + entry.getKey())
                    .collect(Collectors.joining(", "));
            return new Look(
                    Verdict.FAILED,
                    words + (not.isEmpty() ? "" : "; " + not),
                    found.values().stream().mapToLong(Long::longValue).sum(),
                    null);
        });
    }

    /** Rows that others wrote, by kind of statement, table and role; a TRUNCATE has none. */
    static Map<String, Long> counted(DSLContext dsl, Run run) {
        Map<String, Long> counted = new TreeMap<>();
        dsl.select(FOREIGN_WRITE.RELATION, FOREIGN_WRITE.ROLE, FOREIGN_WRITE.STATEMENT, sum(FOREIGN_WRITE.ROWS))
                .from(FOREIGN_WRITE)
                .where(FOREIGN_WRITE.RUN.eq(run.id()))
                .andNot(afterwards())
                .groupBy(FOREIGN_WRITE.RELATION, FOREIGN_WRITE.ROLE, FOREIGN_WRITE.STATEMENT)
                .forEach(row -> counted.put(
                        row.value1() + " by role " + row.value2() + " (" + row.value3() + ")", rows(row.value4())));
        return counted;
    }

    private static long rows(BigDecimal sum) {
        return sum == null ? 0 : sum.longValue();
    }

    /** A line that began when the application might write there. */
    private static Condition afterwards() {
        return exists(selectOne()
                .from(WATCH)
                .where(WATCH.RUN.eq(FOREIGN_WRITE.RUN))
                .and(WATCH.RELATION.eq(FOREIGN_WRITE.RELATION))
                .and(WATCH.UNTIL.lt(FOREIGN_WRITE.FIRST_AT)));
    }

    /**
     * Tables that should be watched and are not: from an earlier release's expansion, or somebody dropped a trigger, or the
     * first stage was switched back and the watch did not begin again.
     */
    private static List<String> blind(DSLContext tx, Run run, Migration migration) {
        boolean switched = tx.fetchExists(
                SWITCHED, SWITCHED.RUN.eq(run.id()).and(SWITCHED.EPOCH.ne(0)).and(SWITCHED.PUT_BACK_AT.isNull()));
        return switched
                ? List.of()
                : tables(tx, migration).stream()
                        .filter(table -> count(tx, FIRING, table) < KINDS.size())
                        .map(Sql::shown)
                        .toList();
    }

    private static long count(DSLContext dsl, String which, Table<?> table) {
        return dsl.fetchSingle(
                        which,
                        Sql.oid(table),
                        DSL.list(KINDS.keySet().stream()
                                .map(kind -> inline(trigger(kind)))
                                .toList()))
                .get(0, Long.class);
    }

    /** The mirrors, as patterns of a stack of calls. */
    static String stacks(DSLContext dsl, Migration migration) {
        var tables = migration.mirrors().stream()
                .map(mirror -> Sql.oid(mirror.on()))
                .distinct()
                .toList();
        var names = migration.mirrors().stream()
                .map(mirror -> inline(mirror.trigger()))
                .toList();
        return tables.isEmpty()
                ? "{}"
                : dsl.fetchSingle(STACKS, DSL.list(tables), DSL.list(names)).get(0, String.class);
    }

    /** Those of the new tables that are there and can have such triggers. */
    private static List<Table<?>> tables(DSLContext dsl, Migration migration) {
        return migration.created().stream()
                .filter(table -> dsl.fetchSingle(
                                "select exists (select from pg_catalog.pg_class where oid::bigint = {0} and relkind in"
                                        + " ('r', 'p'))",
                                Sql.oid(table))
                        .get(0, Boolean.class))
                .<Table<?>>map(table -> table)
                .toList();
    }

    private static String trigger(String kind) {
        return "runbook_foreign_" + kind;
    }

    static String array(List<String> texts) {
        return texts.stream()
                .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }
}
