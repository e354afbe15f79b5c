package runbook.engine;

import static org.jooq.impl.DSL.name;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import runbook.message.Act;
import runbook.message.CheckVerdict;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Backfill;
import runbook.spi.Claimed;
import runbook.spi.Migration;
import runbook.spi.Retirement;

/** Takes the old shape out of sight, and later out of the database. */
public final class Retirements {

    static final String ARCHIVE = "runbook_archive";

    private Retirements() {}

    /**
     * Proves once more, since days may have gone by after the approval. Then drops the mirrors and retires the old objects
     * in one transaction: there is no moment with one of the two done. Then adds what could only come without mirrors; a
     * second call does what the first did not get to.
     *
     * @throws RunbookException.Parked when a write may have been missed since that proof
     */
    public static PhaseReport retire(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        Run run = request.run();
        Results.begin(target, request);
        List<CheckVerdict> checks = List.of();
        if (!parted(target.dsl(), run)) {
            PhaseReport proof = Validation.validate(target, request, migration, pulse);
            if (proof.verdict() != Verdict.PASSED) {
                return proof;
            }
            checks = proof.checks();
            ForeignWrites.end(target, run, migration, pulse);
            RepairedRows.end(target, run, migration, pulse);
            Tries.forLocks(
                    target, run, "clean-up", pulse, tries -> target.inTransaction(tx -> part(tx, run, migration)));
        }
        Scripts.apply(target, run, "final", pulse);
        return Results.end(
                target,
                request,
                new PhaseReport(Verdict.PASSED, "retired " + words(migration), checks, Map.of(), List.of()));
    }

    private static Run part(DSLContext tx, Run run, Migration migration) {
        Runs.fence(tx, run);
        if (!parted(tx, run)) {
            takeAway(tx, run, migration);
            Runs.part(tx, run, "retired");
            Runs.write(tx, act(run, "retire", migration));
        }
        return run;
    }

    /** What was proved still holds here: nobody can stop any more, every mirror fires, and no write waits. */
    private static void takeAway(DSLContext tx, Run run, Migration migration) {
        String where = run.migration() + ": clean-up: nothing was retired. ";
        Switches.refuseStopped(tx, where, "To go on: select runbook.lift_stop('why'); then send the signal 'retry'.");
        refuseSilent(tx, where, migration);
        ScriptFolder.texts(migration.name(), "cleanup").values().forEach(script -> execute(tx, script));
        Dependents.refuse(tx, run, migration);
        migration.preserved().forEach(preserved -> Preservation.end(tx, preserved));
        retire(tx, migration);
        // Their locks waited for every writer, so whoever noted a write has committed it by now.
        JournalEntries.refuseOpen(tx, where, migration);
    }

    /** Refuses to go on when a mirror was dropped or disabled since it was looked at. */
    static void refuseSilent(DSLContext tx, String where, Migration migration) {
        List<String> silent = migration.mirrors().stream()
                .filter(mirror -> !Triggers.fires(tx, mirror))
                .map(mirror -> mirror.trigger() + " on " + Sql.shown(mirror.on()))
                .toList();
        if (!silent.isEmpty()) {
            throw new RunbookException.Parked(where + "Dropped or disabled since the proof: "
                    + String.join(", ", silent)
                    + ". Send the signal 'retry', which proves anew and tells what cures it.");
        }
    }

    private static void execute(DSLContext tx, String script) {
        tx.connection(session -> {
            try (var statement = session.createStatement()) {
                statement.execute(script);
            }
        });
    }

    /**
     * Drops what was retired, with the ledgers of the copy: the only point of no return. Then looks whether the new shape is
     * all that is left.
     */
    public static PhaseReport drop(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        Run run = request.run();
        Tries.forLocks(
                target,
                run,
                "drop",
                pulse,
                tries -> target.inTransaction(tx -> {
                    Runs.fence(tx, run);
                    dropping(migration).forEach(tx::execute);
                    Runs.part(tx, run, "dropped");
                    Runs.write(tx, act(run, "drop", migration));
                    return run;
                }));
        CheckVerdict alone = Remains.after(new Results(target, request), migration);
        String left =
                alone.verdict() == Verdict.PASSED ? alone.name() : "the check \"" + alone.name() + "\" names what is";
        return new PhaseReport(
                Verdict.PASSED, "dropped " + words(migration) + "; " + left, List.of(alone), Map.of(), List.of());
    }

    /** What is retired, in words, for evidence and reports. */
    static List<String> list(Migration migration) {
        return migration.cleanup().stream().map(Retirements::word).toList();
    }

    static String word(Retirement piece) {
        return piece instanceof Retirement.Retire column
                ? "column " + Sql.shown(table(column.column())) + "."
                        + column.column().getName()
                : "table " + Sql.shown(((Retirement.Archive) piece).table());
    }

    private static String words(Migration migration) {
        return String.join(", ", list(migration));
    }

    private static boolean parted(DSLContext tx, Run run) {
        var runs = runbook.generated.engine.Tables.MIGRATION_RUN;
        String parting =
                tx.select(runs.PARTING).from(runs).where(runs.ID.eq(run.id())).fetchOne(runs.PARTING);
        return "retired".equals(parting) || "dropped".equals(parting);
    }

    static void retire(DSLContext tx, Migration migration) {
        tx.execute(createArchive());
        migration.cleanup().forEach(piece -> retiring(piece).ifPresent(tx::execute));
    }

    /** How one piece is retired; nothing for what is emptied in batches. */
    static Optional<Query> retiring(Retirement piece) {
        if (piece instanceof Retirement.Archive archive) {
            return Optional.of(toArchive(archive.table()));
        }
        return piece instanceof Retirement.Retire column
                ? Optional.of(DSL.alterTable(table(column.column()))
                        .renameColumn(column.column())
                        .to(name(column.retiredName())))
                : Optional.empty();
    }

    static Query createArchive() {
        return DSL.createSchemaIfNotExists(ARCHIVE);
    }

    /** What jOOQ has no word for. */
    static Query toArchive(Table<?> table) {
        return DSL.query("alter table {0} set schema {1}", table, name(ARCHIVE));
    }

    /** Every drop, in order: what was retired, then the ledgers of the copy. */
    static List<Query> dropping(Migration migration) {
        List<Query> drops = new ArrayList<>();
        for (Retirement piece : migration.cleanup()) {
            if (piece instanceof Retirement.Archive archive) {
                drops.add(DSL.dropTableIfExists(name(ARCHIVE, archive.table().getName())));
            } else if (piece instanceof Retirement.Retire column) {
                drops.add(DSL.alterTable(table(column.column())).dropColumnIfExists(name(column.retiredName())));
            }
        }
        for (Backfill backfill : migration.backfills()) {
            if (backfill instanceof Claimed claimed) {
                drops.add(DSL.dropTableIfExists(claimed.claims().table()));
            }
        }
        return drops;
    }

    private static Table<?> table(TableField<?, ?> column) {
        return java.util.Objects.requireNonNull(column.getTable());
    }

    private static Act act(Run run, String act, Migration migration) {
        return new Act(run, act, words(migration), "run " + run.id(), Map.of(), act);
    }
}
