package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;

import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.Table;
import org.jooq.impl.DSL;
import runbook.message.Act;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Migration;

/**
 * Brings the old shape back as it was before the run, with every write that was made since: the mirrors kept it true, so
 * it is enough to take ours away.
 */
public final class WayBack {

    private static final List<String> FOLDERS = List.of("schema", "constraints", "undo", "cleanup", "final");

    /** So many differences are named in full. */
    private static final int NAMED = 20;

    private WayBack() {}

    public static PhaseReport undo(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        takeAway(target, request, migration, pulse);
        PhaseReport report = report(request, Fingerprints.differences(target.dsl(), request.run(), migration));
        return Results.end(target, request, report);
    }

    /** Takes what is ours away, and puts the new tables aside; whether all is as before, the fingerprints tell. */
    static void takeAway(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        Run run = request.run();
        Results.begin(target, request);
        RepairedRows.end(target, run, migration, pulse);
        Fingerprints.before(target, run, migration, "undo");
        ForeignWrites.end(target, run, migration, pulse);
        Preservation.end(target, run, migration, pulse);
        Scripts.apply(target, run, "undo", pulse);
        Tries.forLocks(
                target,
                run,
                "archive of the new tables",
                pulse,
                tries -> target.inTransaction(tx -> {
                    Runs.fence(tx, run);
                    moveAside(tx, run, migration);
                    JournalEntries.dismiss(tx, migration);
                    Runs.write(tx, new Act(run, "undo", run.migration(), "run " + run.id(), Map.of(), "undo"));
                    return run;
                }));
        forget(target, migration);
        Fingerprints.after(target, run, migration, "undo");
    }

    /** So that a new run applies all scripts again. */
    static void forget(Target target, Migration migration) {
        FOLDERS.forEach(folder -> Scripts.forget(target, migration.name(), folder));
    }

    /** The new tables, under the run's name, so that nothing that was written is thrown away. */
    static void moveAside(DSLContext tx, Run run, Migration migration) {
        tx.execute(Retirements.createArchive());
        migration.created().forEach(table -> archive(tx, run, table));
    }

    private static void archive(DSLContext tx, Run run, Table<?> table) {
        boolean there = tx.select(field("to_regclass({0}) is not null", Boolean.class, inline(Sql.quoted(table))))
                .fetchSingle()
                .value1();
        if (there) {
            aside(table, String.valueOf(run.id())).forEach(tx::execute);
        }
    }

    /** How one table is moved aside. */
    static List<Query> aside(Table<?> table, String run) {
        String aside = table.getName() + "_run" + run;
        return List.of(
                DSL.alterTable(table).renameTo(aside), Retirements.toArchive(DSL.table(Sql.beside(table, aside))));
    }

    /** Only what came or went by our doing holds the end of the run up, and a person may accept that too. */
    private static PhaseReport report(PhaseRequest request, Fingerprints.Differences differences) {
        List<String> ours = differences.ours();
        String others = others(differences);
        if (ours.isEmpty() || request.acceptDefinition()) {
            String accepted = ours.isEmpty() ? "" : ", " + ours.size() + " differences accepted";
            return PhaseReport.passed("old shape as before, later writes kept" + accepted + others);
        }
        return new PhaseReport(
                Verdict.FAILED,
                ours.size() + " differences from the old shape",
                List.of(),
                Map.of(),
                List.of(request.run().migration() + ": rollback: the old shape is in use again with all writes, but "
                        + named(ours) + ". Drop or mend them, then send the signal 'retry'; to leave them as they are,"
                        + " send it with \"acceptDefinition\": true."));
    }

    /** What is not as before by our doing, some of it by name. */
    static String named(List<String> ours) {
        return ours.size() + (ours.size() == 1 ? " object is" : " objects are") + " not as before the schema phase: "
                + String.join("; ", ours.subList(0, Math.min(NAMED, ours.size())))
                + (ours.size() > NAMED ? "; and " + (ours.size() - NAMED) + " more" : "");
    }

    static String others(Fingerprints.Differences differences) {
        return differences.others() == 0 ? "" : ", " + differences.others() + " changes by others";
    }
}
