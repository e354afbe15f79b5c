package runbook.engine.account;

import static java.util.Objects.requireNonNullElse;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static runbook.generated.engine.Tables.MIGRATION_RUN;
import static runbook.generated.engine.Tables.STANDING;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SelectOnConditionStep;
import org.jspecify.annotations.Nullable;
import runbook.engine.Catalog;
import runbook.engine.ImpactFigures;
import runbook.engine.RunbookException;
import runbook.engine.Target;
import runbook.engine.account.Account.LossLine;
import runbook.engine.account.Account.RunLine;
import runbook.engine.throttle.Throttlings;
import runbook.generated.engine.tables.records.MigrationRunRecord;
import runbook.spi.Loss;

/** Finds runs in a target and reads their accounts. */
public final class Accounts {

    /** Enough to see the pattern; the table has the rest. */
    public static final int SHOWN = 100;

    private static final int RUNS = 50;

    private Accounts() {}

    /** Runs of a target, the open ones first, then the newest; at most fifty. Empty where nothing ever ran. */
    public static List<RunLine> runs(Target target, @Nullable String migration) {
        if (!installed(target)) {
            return List.of();
        }
        Condition which = migration == null ? org.jooq.impl.DSL.noCondition() : MIGRATION_RUN.MIGRATION.eq(migration);
        return lines(target.dsl())
                .where(which)
                .orderBy(field(MIGRATION_RUN.ENDED_AT.isNull()).desc(), MIGRATION_RUN.ID.desc())
                .limit(RUNS)
                .fetch(Accounts::line);
    }

    /**
     * The account of a run.
     *
     * @param which the number of a run, or a migration's name for its newest run
     * @param catalog where the migration is looked up that names the losses
     * @throws RunbookException when there is no such run, naming those that there are
     */
    public static Account of(Target target, String which, Catalog catalog, boolean reveal) {
        RunLine run = find(target, which);
        List<LossLine> losses = losses(target, run, catalog);
        return target.atOneSnapshot(tx ->
                read(tx, lines(tx).where(MIGRATION_RUN.ID.eq(run.id())).fetchSingle(Accounts::line), losses, reveal));
    }

    private static List<LossLine> losses(Target target, RunLine run, Catalog catalog) {
        if (run.endedAt() != null || run.parting() != null) {
            return List.of();
        }
        return catalog.find(run.migration())
                .map(migration -> migration.losses().stream()
                        .map(loss -> count(target, loss))
                        .toList())
                .orElse(List.of());
    }

    private static LossLine count(Target target, Loss loss) {
        Reversibility.Mapping counted = Losses.count(target, loss, false);
        String why = counted.note().equals(Losses.NO_TABLE)
                ? "counted once the new shape is there"
                : "not verified: SQLSTATE " + counted.note();
        return new LossLine(loss.claim(), counted.rows(), counted.rows() == null ? why : "");
    }

    /** The run of this number, or the newest of this migration. */
    static RunLine find(Target target, String which) {
        boolean number = which.matches("\\d{1,18}");
        List<RunLine> runs = runs(target, number ? null : which);
        Optional<RunLine> found =
                number ? byNumber(target, Long.parseLong(which)) : runs.stream().findFirst();
        return found.orElseThrow(() -> new RunbookException(unknown(target, which)));
    }

    private static Optional<RunLine> byNumber(Target target, long id) {
        return installed(target)
                ? lines(target.dsl()).where(MIGRATION_RUN.ID.eq(id)).fetchOptional(Accounts::line)
                : Optional.empty();
    }

    private static String unknown(Target target, String which) {
        List<String> known = runs(target, null).stream()
                .map(run -> run.id() + " (" + run.migration() + ", " + run.state() + ")")
                .toList();
        return "target '" + target.name() + "' knows no run '" + which + "'; "
                + (known.isEmpty() ? "nothing was ever run here" : "it knows: " + String.join(", ", known))
                + ". See them: ./runbook status --target " + target.name();
    }

    private static boolean installed(Target target) {
        return target.dsl()
                .select(field("to_regclass('runbook.migration_run') is not null", Boolean.class))
                .fetchSingle()
                .value1();
    }

    /** Runs, each with what its owner said last; what an owner before said does not hold any more. */
    private static SelectOnConditionStep<Record> lines(DSLContext dsl) {
        return dsl.select()
                .from(MIGRATION_RUN)
                .leftJoin(STANDING)
                .on(STANDING.RUN.eq(MIGRATION_RUN.ID))
                .and(STANDING.EPOCH.eq(MIGRATION_RUN.EPOCH));
    }

    private static Account read(DSLContext tx, RunLine run, List<LossLine> losses, boolean reveal) {
        Instant now = tx.select(currentOffsetDateTime()).fetchSingle().value1().toInstant();
        Course course = new Course(tx, run.id());
        Proofs proofs = new Proofs(tx, run.id(), reveal);
        return new Account(
                reveal,
                now,
                run,
                course.control(),
                course.stop(),
                course.phases(),
                proofs.checks(),
                proofs.measures(),
                course.backfills(),
                Throttlings.of(tx, run.id()),
                ImpactFigures.of(tx, run.id()),
                course.backups(),
                course.scripts(),
                course.approvals(),
                course.repairs(),
                course.flags(),
                losses,
                proofs.violations(),
                proofs.quarantine(),
                proofs.foreignWrites(),
                proofs.problems(),
                course.audit());
    }

    private static RunLine line(Record found) {
        MigrationRunRecord row = found.into(MIGRATION_RUN);
        return new RunLine(
                row.getId(),
                row.getMigration(),
                row.getTarget(),
                row.getWorkflowId(),
                requireNonNullElse(found.get(STANDING.SALT), row.getWorkflowRun()),
                row.getEpoch(),
                row.getRequestedBy(),
                row.getDefinition(),
                row.getState(),
                row.getEndedAt() == null ? found.get(STANDING.STATE) : null,
                row.getParting(),
                row.getStartedAt().toInstant(),
                row.getEndedAt() == null ? null : row.getEndedAt().toInstant());
    }
}
