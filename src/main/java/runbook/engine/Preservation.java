package runbook.engine;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.sum;
import static runbook.generated.engine.Tables.CHANGED_COLUMN;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Name;
import org.jooq.Query;
import org.jooq.impl.DSL;
import runbook.engine.Results.Look;
import runbook.message.CheckVerdict;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Migration;
import runbook.spi.Preserved;
import runbook.spi.Severity;

/**
 * Notes each column of the old shape that changes through the migration itself, and was not named. Before and after
 * cannot be compared while the application writes, so a trigger looks at the writes that are ours: those of the engine's
 * sessions and of mirrors. A plain write of the application costs it the look at two settings.
 */
final class Preservation {

    private static final Name TRIGGER = DSL.name("runbook_preserved");

    private static final String CREATE = """
            create or replace trigger {0} after update on {1} for each row
            when ((pg_trigger_depth() > 0 or current_setting('runbook.session', true) = 'on')
                and to_jsonb(old.*) - {3}::text[] is distinct from to_jsonb(new.*) - {3}::text[])
            execute function runbook.note_changed_columns({2}, {3}, {4}, {5})""";

    private Preservation() {}

    /** From now on; a second call finds it so. */
    static void watch(Target target, Run run, Migration migration, Pulse pulse) {
        if (migration.preserved().isEmpty()) {
            return;
        }
        String stacks = ForeignWrites.stacks(target.dsl(), migration);
        for (Preserved preserved : migration.preserved()) {
            Tries.forLocks(
                    target,
                    run,
                    "watch of " + Sql.shown(preserved.table()),
                    pulse,
                    tries -> target.inTransaction(tx -> {
                        Runs.fence(tx, run);
                        return tx.execute(watching(preserved, String.valueOf(run.id()), stacks));
                    }));
        }
    }

    static Query watching(Preserved preserved, String run, String stacks) {
        return DSL.query(
                CREATE,
                TRIGGER,
                preserved.table(),
                inline(run),
                inline(ForeignWrites.array(columns(preserved))),
                inline(stacks),
                inline(Sql.shown(preserved.table())));
    }

    /** With the mirrors, on the way back and in the clean-up: nothing of ours writes there any more. */
    static void end(Target target, Run run, Migration migration, Pulse pulse) {
        for (Preserved preserved : migration.preserved()) {
            Tries.forLocks(
                    target,
                    run,
                    "end of the watch of " + Sql.shown(preserved.table()),
                    pulse,
                    tries -> target.inTransaction(tx -> {
                        Runs.fence(tx, run);
                        return end(tx, preserved);
                    }));
        }
    }

    static int end(DSLContext tx, Preserved preserved) {
        return tx.execute("drop trigger if exists {0} on {1}", TRIGGER, preserved.table());
    }

    static List<CheckVerdict> check(Results results, Migration migration) {
        List<CheckVerdict> verdicts = new ArrayList<>();
        for (Preserved preserved : migration.preserved()) {
            verdicts.add(results.run(claim(preserved), Severity.BLOCKING, tx -> look(tx, results.of(), preserved)));
        }
        return verdicts;
    }

    private static String claim(Preserved preserved) {
        List<String> columns = columns(preserved);
        return "no column of " + Sql.shown(preserved.table())
                + (columns.isEmpty() ? "" : " but " + String.join(", ", columns)) + " changes through the migration";
    }

    private static Look look(DSLContext tx, Run run, Preserved preserved) {
        Map<String, Long> found = new TreeMap<>();
        tx.select(CHANGED_COLUMN.COLUMNS, sum(CHANGED_COLUMN.ROWS))
                .from(CHANGED_COLUMN)
                .where(CHANGED_COLUMN.RUN.eq(run.id()))
                .and(CHANGED_COLUMN.RELATION.eq(Sql.shown(preserved.table())))
                .groupBy(CHANGED_COLUMN.COLUMNS)
                .forEach(row -> found.put(String.join(", ", row.value1()), rows(row.value2())));
        if (!found.isEmpty()) {
            String words = found.entrySet().stream()
                    .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                    .collect(Collectors.joining("; "));
            return new Look(Verdict.FAILED, "changed all the same, with the number of writes: " + words, null);
        }
        return Triggers.fires(tx, preserved.table(), TRIGGER)
                ? new Look(Verdict.PASSED, "", null)
                : new Look(Verdict.NOT_VERIFIED, "trigger " + TRIGGER.unquotedName() + " is missing or disabled", null);
    }

    private static long rows(BigDecimal sum) {
        return sum == null ? 0 : sum.longValue();
    }

    private static List<String> columns(Preserved preserved) {
        return preserved.mayChange().stream()
                .map(column -> column.getName())
                .sorted()
                .toList();
    }
}
