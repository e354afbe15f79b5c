package runbook.engine;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static runbook.generated.engine.Tables.AUDIT;
import static runbook.generated.engine.Tables.CONTROL;
import static runbook.generated.engine.Tables.MIGRATION_RUN;

import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import runbook.generated.engine.tables.records.MigrationRunRecord;
import runbook.message.Act;
import runbook.message.Admit;
import runbook.message.End;
import runbook.message.Outcome;
import runbook.message.Run;

/**
 * The rows that hold who may write. One open run per migration and database, whatever workflow id or service name was
 * used: the unique index decides, and the epoch tells an owner from one that has been replaced.
 */
public final class Runs {

    /**
     * Others wait for whoever has locked the row of a run, and for what it locks after that. One that is frozen, or whose
     * machine is gone, loses the session after so long, and every lock with it. Set by the query that locks.
     */
    private static final Field<String> LET_GO = field(
            "pg_catalog.set_config('idle_in_transaction_session_timeout', {0}, true)",
            String.class, inline(Target.LONGEST_IDLE.toSeconds() + "s"));

    private Runs() {}

    /** A run's row, and what its former owner was in the middle of. */
    public record Owned(Run run, String resume) {}

    /**
     * Opens a row, adopts one whose owner is gone, or finds the caller's own.
     *
     * @throws RunbookException when somebody else owns the open run, or may own it
     */
    public static Owned own(Target target, Admit admit, String definition, Owners owners) {
        return target.inTransaction(tx -> {
            // Two starts at the same moment: the second waits here, and then finds the row of the first.
            tx.fetch(
                    "select pg_advisory_xact_lock(hashtextextended({0}, 0))",
                    inline("runbook/" + admit.start().migration()));
            MigrationRunRecord row = tx.selectFrom(MIGRATION_RUN)
                    .where(MIGRATION_RUN.MIGRATION.eq(admit.start().migration()))
                    .and(MIGRATION_RUN.ENDED_AT.isNull())
                    .forUpdate()
                    .fetchOptional()
                    .orElseGet(() -> insert(tx, admit, definition, owners));
            Ownership ownership = new Ownership(row, admit, owners);
            ownership.refuseCopy(tx);
            if (!ownership.mine()) {
                ownership.refuseUnlessGone();
                ownership.adopt(definition);
            }
            Run run = run(row);
            tx.insertInto(CONTROL)
                    .set(CONTROL.RUN, run.id())
                    .onConflict(CONTROL.RUN)
                    .doUpdate()
                    .set(CONTROL.WANTED, "run")
                    .set(CONTROL.BATCH_MILLIS, 0)
                    .set(CONTROL.WORKERS, 0)
                    .set(CONTROL.RATIO, 0.0)
                    .set(CONTROL.LIMITS, JSONB.valueOf("{}"))
                    .setNull(CONTROL.TUNED_BY)
                    .setNull(CONTROL.TUNED_UNTIL)
                    .set(CONTROL.CHANGED_AT, currentOffsetDateTime())
                    .execute();
            write(
                    tx,
                    new Act(
                            run,
                            "begin",
                            "run",
                            admit.start().requestedBy(),
                            java.util.Map.of(),
                            "begin/" + run.epoch()));
            return new Owned(run, row.getParting() == null ? "nothing" : row.getParting());
        });
    }

    /**
     * Locks the row of a run against a change of owner, and refuses a caller who is not its owner any more, or whose target
     * is not the database any more in which the run was begun. The transaction may not idle for long from here on.
     */
    public static void fence(DSLContext tx, Run run) {
        Optional<MigrationRunRecord> row = openRow(tx, run);
        row.ifPresent(found -> Whereabouts.refuseElsewhere(tx, found, run));
        Integer epoch = row.map(MigrationRunRecord::getEpoch).orElse(null);
        if (epoch == null || epoch != run.epoch()) {
            throw new RunbookException.Fenced(run.migration() + ": run " + run.id() + " belongs to "
                    + (epoch == null ? "nobody any more" : "owner " + epoch) + ", this is owner " + run.epoch()
                    + ". Nothing was written.");
        }
    }

    private static Optional<MigrationRunRecord> openRow(DSLContext tx, Run run) {
        return tx.select(MIGRATION_RUN.asterisk(), LET_GO)
                .from(MIGRATION_RUN)
                .where(MIGRATION_RUN.ID.eq(run.id()))
                .and(MIGRATION_RUN.ENDED_AT.isNull())
                .forShare()
                .fetchOptional(row -> row.into(MIGRATION_RUN));
    }

    /** Notes how far the run has left the ground on which it could simply start again. */
    static void part(DSLContext tx, Run run, String parting) {
        tx.update(MIGRATION_RUN)
                .set(MIGRATION_RUN.PARTING, parting)
                .where(MIGRATION_RUN.ID.eq(run.id()))
                .execute();
    }

    /**
     * Closes the row; a second call finds it closed.
     *
     * @throws RunbookException.Fenced when the caller does not own it
     */
    public static void end(Target target, End end) {
        target.inTransaction(tx -> {
            openRow(tx, end.run()).ifPresent(row -> Whereabouts.refuseElsewhere(tx, row, end.run()));
            int closed = tx.update(MIGRATION_RUN)
                    .set(MIGRATION_RUN.STATE, end.outcome().word())
                    .set(MIGRATION_RUN.ENDED_AT, currentOffsetDateTime())
                    .where(MIGRATION_RUN.ID.eq(end.run().id()))
                    .and(MIGRATION_RUN.EPOCH.eq(end.run().epoch()))
                    .and(MIGRATION_RUN.ENDED_AT.isNull())
                    .execute();
            if (closed != 1 && !closedBefore(tx, end)) {
                throw new RunbookException.Fenced(end.run().migration() + ": run "
                        + end.run().id() + " could not be closed as "
                        + end.outcome().word()
                        + ": it does not belong to owner " + end.run().epoch() + " any more. Nothing was written."
                        + " See who owns it: ./runbook status --target "
                        + end.run().target());
            }
            write(
                    tx,
                    new Act(
                            end.run(),
                            end.outcome().word(),
                            "run",
                            end.requestedBy(),
                            java.util.Map.of("reason", end.reason()),
                            "end/" + end.run().epoch()));
            return end;
        });
    }

    private static boolean closedBefore(DSLContext tx, End end) {
        return tx.fetchExists(
                MIGRATION_RUN,
                MIGRATION_RUN
                        .ID
                        .eq(end.run().id())
                        .and(MIGRATION_RUN.EPOCH.eq(end.run().epoch()))
                        .and(MIGRATION_RUN.STATE.eq(end.outcome().word())));
    }

    /** Writes one audit line in the transaction of what it tells of; a second one of the same name is not written. */
    public static void write(DSLContext tx, Act act) {
        tx.insertInto(AUDIT)
                .set(AUDIT.RUN, act.run().id())
                .set(AUDIT.ACT, act.act())
                .set(AUDIT.SUBJECT, act.subject())
                .set(AUDIT.WHO, act.who())
                .set(AUDIT.DETAIL, JSONB.valueOf(Json.write(act.detail())))
                .set(AUDIT.ONCE, once(act))
                .onConflict(AUDIT.ONCE)
                .doNothing()
                .execute();
    }

    /** The act's name among those of all runs. */
    static String once(Act act) {
        return "run " + act.run().id() + "/" + act.once();
    }

    /** The open run of a migration in this database. */
    public static Optional<MigrationRunRecord> open(DSLContext dsl, String migration) {
        return dsl.selectFrom(MIGRATION_RUN)
                .where(MIGRATION_RUN.MIGRATION.eq(migration))
                .and(MIGRATION_RUN.ENDED_AT.isNull())
                .fetchOptional();
    }

    /** Whether this database has been a target before; asked before anything of ours is installed. */
    static boolean installed(DSLContext dsl) {
        // A name in a schema that the role may not use is an error, so the right comes first.
        return dsl.fetchSingle("select case when has_schema_privilege(to_regnamespace('runbook'), 'USAGE')"
                        + " then to_regclass('runbook.migration_run') is not null else false end")
                .get(0, Boolean.class);
    }

    /** The newest run of a migration that went to its end in this database. */
    static Optional<Long> completed(DSLContext dsl, String migration) {
        return installed(dsl)
                ? dsl.select(max(MIGRATION_RUN.ID))
                        .from(MIGRATION_RUN)
                        .where(MIGRATION_RUN.MIGRATION.eq(migration))
                        .and(MIGRATION_RUN.STATE.eq(Outcome.COMPLETED.word()))
                        .fetchOptional(0, Long.class)
                : Optional.empty();
    }

    private static MigrationRunRecord insert(DSLContext tx, Admit admit, String definition, Owners owners) {
        MigrationRunRecord row = tx.newRecord(MIGRATION_RUN);
        row.setMigration(admit.start().migration());
        row.setTarget(admit.start().target());
        new Ownership(row, admit, owners).settle();
        row.setRequestedBy(admit.start().requestedBy());
        row.setDefinition(definition);
        Ownership.locate(tx, row);
        row.store();
        row.refresh();
        return row;
    }

    static Run run(MigrationRunRecord row) {
        return new Run(
                row.getMigration(),
                row.getTarget(),
                row.getId(),
                row.getEpoch(),
                row.getWorkflowId(),
                row.getWorkflowRun());
    }
}
