package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.Table;
import org.jooq.impl.DSL;
import runbook.message.Act;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Migration;
import runbook.spi.Mirror;

/**
 * Brings the old shape back as it was before the run, with every write that was made since: the mirrors kept it true, so
 * it is enough to take ours away.
 */
public final class WayBack {

    private static final List<String> FOLDERS = List.of("schema", "constraints", "undo", "cleanup");

    private WayBack() {}

    public static PhaseReport undo(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        Run run = request.run();
        Results.begin(target, request);
        Scripts.apply(target, run, "undo", pulse);
        Tries.forLocks(
                target,
                run,
                "archive of the new tables",
                pulse,
                tries -> target.inTransaction(tx -> {
                    Runs.fence(tx, run);
                    tx.createSchemaIfNotExists(Retirements.ARCHIVE).execute();
                    migration.created().forEach(table -> archive(tx, run, table));
                    JournalEntries.dismiss(tx, migration);
                    Runs.write(tx, new Act(run, "undo", run.migration(), "run " + run.id(), Map.of(), "undo"));
                    return run;
                }));
        FOLDERS.forEach(folder -> Scripts.forget(target, migration.name(), folder));
        List<String> left = leftovers(target, migration);
        PhaseReport report = left.isEmpty()
                ? PhaseReport.passed("old shape as before, later writes kept")
                : new PhaseReport(
                        Verdict.FAILED,
                        left.size() + " objects of ours left",
                        List.of(),
                        Map.of(),
                        List.of(run.migration() + ": rollback: still there: " + String.join(", ", left)
                                + ". The old shape is in use again. Drop them, then send the signal 'retry'."));
        return Results.end(target, request, report);
    }

    /** Moved aside under the run's name, so that nothing that was written is thrown away. */
    private static void archive(DSLContext tx, Run run, Table<?> table) {
        boolean there = tx.select(field("to_regclass({0}) is not null", Boolean.class, inline(Sql.quoted(table))))
                .fetchSingle()
                .value1();
        if (there) {
            String aside = table.getName() + "_run" + run.id();
            tx.alterTable(table).renameTo(aside).execute();
            tx.execute(Retirements.toArchive(DSL.table(Sql.beside(table, aside))));
        }
    }

    private static List<String> leftovers(Target target, Migration migration) {
        List<String> left = new ArrayList<>();
        for (Mirror mirror : migration.mirrors()) {
            if (target.dsl()
                    .fetchExists(DSL.selectOne()
                            .from("pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid"
                                    + " join pg_catalog.pg_namespace n on n.oid = c.relnamespace")
                            .where(field("t.tgname", String.class).eq(mirror.trigger()))
                            .and(field("n.nspname", String.class).eq(migration.name()))
                            .and(field("c.relname", String.class).eq(mirror.on().getName())))) {
                left.add("trigger " + mirror.trigger() + " on " + Sql.shown(mirror.on()));
            }
        }
        return left;
    }
}
