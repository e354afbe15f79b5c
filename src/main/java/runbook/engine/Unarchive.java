package runbook.engine;

import static org.jooq.impl.DSL.jsonbGetAttributeAsText;
import static runbook.generated.engine.Tables.AUDIT;
import static runbook.generated.engine.Tables.MIGRATION_RUN;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import runbook.generated.engine.tables.records.MigrationRunRecord;
import runbook.message.Act;
import runbook.message.Admit;
import runbook.message.CheckVerdict;
import runbook.message.End;
import runbook.message.Outcome;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Start;
import runbook.message.StartInput;
import runbook.spi.Loss;
import runbook.spi.Migration;

/**
 * The way back between the clean-up and the drop: the old shape as it was when it was retired. Nothing has kept it true
 * since, so what was written meanwhile stays in the new tables, which go to the archive.
 *
 * <p>It is a run of its own, so that no other can begin meanwhile, and one that was interrupted goes on when it is called
 * again. It takes no run from a workflow: that one could drop in the same moment.
 */
public final class Unarchive {

    private static final String OWNER = "unarchive";

    private static final String RETIRED_BY = "retired by";

    private final Target target;
    private final Migration migration;
    private final RetiredShape shape;

    private Unarchive(Target target, Migration migration) {
        this.target = target;
        this.migration = migration;
        this.shape = new RetiredShape(migration);
    }

    /**
     * What would come back, and what it would lose.
     *
     * @param run which one retired it; 0 when an interrupted unarchive has brought it back already
     * @param pieces what comes back
     */
    public record Outlook(long run, @Nullable Instant retiredAt, List<String> pieces, List<Lost> lost) {}

    /**
     * What the old shape will lack.
     *
     * @param count how many; {@code null} when that could not be counted, and the note says why
     * @param listed rows of both shapes as JSON, as many as were asked for
     */
    public record Lost(String claim, @Nullable Long count, String note, List<String> listed) {}

    /**
     * Looks, and changes nothing.
     *
     * @param most how long each comparison is looked at; what was not seen by then is not verified
     * @throws RunbookException when there is nothing to bring back, or it cannot be brought back now
     */
    public static Outlook outlook(Target target, Migration migration, Duration most) {
        Unarchive unarchive = new Unarchive(target, migration);
        Optional<MigrationRunRecord> retired = unarchive.retired();
        unarchive.demand(retired);
        if (retired.isEmpty()) {
            return new Outlook(0, null, Retirements.list(migration), List.of());
        }
        List<Lost> lost = new ArrayList<>(writtenSince(target, migration, 0, most));
        migration.losses().forEach(loss -> lost.add(unarchive.lost(loss)));
        long run = retired.get().getId();
        return new Outlook(run, unarchive.retiredAt(run), Retirements.list(migration), lost);
    }

    /**
     * Units that the new shape tells otherwise than the retired one, by the comparisons of the migration.
     *
     * @param listed how many of each are listed
     * @param most how long each is looked at
     */
    public static List<Lost> writtenSince(Target target, Migration migration, int listed, Duration most) {
        if (migration.comparisons().isEmpty()) {
            return List.of(new Lost("what was written since", null, "the migration compares nothing", List.of()));
        }
        RetiredShape shape = new RetiredShape(migration);
        return migration.comparisons().stream()
                .map(comparison -> new SinceRetirement(target, shape, comparison, most).count(listed))
                .toList();
    }

    /**
     * Brings it back: names and switches in one short transaction; then what the new shape alone holds is counted and
     * kept, and the new shape put aside.
     *
     * @return passed when its objects are as before and all of it was looked at, however much was written since
     * @throws RunbookException as {@link #outlook}, or when the locks were not to be had
     */
    public static PhaseReport bringBack(Target target, Migration migration, String requestedBy, Pulse pulse) {
        Unarchive unarchive = new Unarchive(target, migration);
        Optional<MigrationRunRecord> retired = unarchive.retired();
        unarchive.demand(retired);
        Start start = StartInput.of(
                        Map.of("migration", migration.name(), "target", target.name(), "requestedBy", requestedBy))
                .start();
        Run own = Runs.own(
                        target, new Admit(start, List.of(), OWNER, OWNER), Plan.definition(migration), Owners.unknown())
                .run();
        retired.ifPresent(row -> unarchive.names(own, row, requestedBy, pulse));
        PhaseRequest request = new PhaseRequest(own, start, Phase.ROLLBACK, 1);
        BroughtBack back = new BroughtBack(target, request, migration, pulse);
        List<CheckVerdict> since = back.sinceTheRetirement();
        WayBack.takeAway(target, request, migration, pulse);
        PhaseReport report = back.report(unarchive.retiredBy(own), since);
        Runs.end(target, new End(own, Outcome.ROLLED_BACK, requestedBy, report.summary()));
        return report;
    }

    /** As the act that brought the names back says, in this call or in one that was interrupted. */
    private Run retiredBy(Run own) {
        String words = target.dsl()
                .select(jsonbGetAttributeAsText(AUDIT.DETAIL, RETIRED_BY))
                .from(AUDIT)
                .where(AUDIT.RUN.eq(own.id()))
                .and(AUDIT.ACT.eq(OWNER))
                .fetchSingle()
                .value1();
        return run(Long.parseLong(words.replaceFirst("run ", "")));
    }

    private Run run(long id) {
        return run(target.dsl()
                .selectFrom(MIGRATION_RUN)
                .where(MIGRATION_RUN.ID.eq(id))
                .fetchSingle());
    }

    private Run run(MigrationRunRecord row) {
        return new Run(
                migration.name(),
                row.getTarget(),
                row.getId(),
                row.getEpoch(),
                row.getWorkflowId(),
                row.getWorkflowRun());
    }

    private void names(Run own, MigrationRunRecord retired, String requestedBy, Pulse pulse) {
        Run before = run(retired);
        try {
            Tries.forLocks(
                    target,
                    own,
                    OWNER,
                    pulse,
                    tries -> target.inTransaction(tx -> {
                        Runs.fence(tx, own);
                        // Somebody else who calls this at the same moment is the same owner, and may have been first.
                        if (stillRetired(tx, before)) {
                            shape.bringingBack().forEach(tx::execute);
                            Switches.putBack(tx, before, migration.cutover());
                            Runs.part(tx, before, "rolling_back");
                            Runs.part(tx, own, "rolling_back");
                            String words = String.join(", ", Retirements.list(migration));
                            Map<String, String> detail = Map.of(RETIRED_BY, "run " + before.id());
                            Runs.write(tx, new Act(own, OWNER, words, requestedBy, detail, OWNER));
                        }
                        return own;
                    }));
        } catch (RunbookException.Parked e) {
            if (own.id() != before.id()) {
                Runs.end(target, new End(own, Outcome.ABORTED, requestedBy, "no lock"));
            }
            throw new RunbookException(
                    e.getMessage() + "\nHere nobody takes a signal, and nothing was changed: repeat this command.", e);
        }
    }

    private static boolean stillRetired(DSLContext tx, Run before) {
        return tx.select(MIGRATION_RUN.PARTING)
                .from(MIGRATION_RUN)
                .where(MIGRATION_RUN.ID.eq(before.id()))
                .forUpdate()
                .fetchOptional(MIGRATION_RUN.PARTING)
                .filter("retired"::equals)
                .isPresent();
    }

    /** The newest run that retired and dropped nothing. */
    private Optional<MigrationRunRecord> retired() {
        DSLContext dsl = target.dsl();
        return Runs.installed(dsl)
                ? dsl.selectFrom(MIGRATION_RUN)
                        .where(MIGRATION_RUN.MIGRATION.eq(migration.name()))
                        .and(MIGRATION_RUN.PARTING.eq("retired"))
                        .orderBy(MIGRATION_RUN.ID.desc())
                        .limit(1)
                        .fetchOptional()
                : Optional.empty();
    }

    private void demand(Optional<MigrationRunRecord> retired) {
        Optional<MigrationRunRecord> open =
                Runs.installed(target.dsl()) ? Runs.open(target.dsl(), migration.name()) : Optional.empty();
        boolean goesOn = open.filter(row -> row.getWorkflowId().equals(OWNER)).isPresent();
        if (retired.isEmpty() && !goesOn) {
            throw refused("nothing of it is retired here, expected a run between its clean-up and its drop."
                    + " See what can be taken back, and how: ./runbook reversibility " + migration.name()
                    + " --target " + target.name());
        }
        open.filter(row -> !goesOn && !row.getWorkflowRun().isEmpty()).ifPresent(row -> {
            throw refused("run " + row.getId() + " is open, and its workflow could drop meanwhile what is brought back;"
                    + " expected that it has ended. In its hold and at its gate drop this ends it, with the old objects"
                    + " retired: temporal workflow cancel -w " + row.getWorkflowId()
                    + " . If that workflow is gone: psql service=" + target.name() + " -c \"select runbook.disown("
                    + row.getId() + ", 'its workflow is gone')\". Then repeat this command.");
        });
        List<String> problems = retired.isPresent() ? shape.problems(target.dsl()) : List.of();
        if (!problems.isEmpty()) {
            throw refused(String.join("; ", problems) + ". Expected what run "
                    + retired.map(MigrationRunRecord::getId).orElseThrow()
                    + " retired, and its old names free. Put that right, then repeat this command.");
        }
    }

    private RunbookException refused(String why) {
        return new RunbookException(
                migration.name() + ": unarchive on target '" + target.name() + "': nothing was changed: " + why);
    }

    private @Nullable Instant retiredAt(long run) {
        return target.dsl()
                .select(AUDIT.AT)
                .from(AUDIT)
                .where(AUDIT.RUN.eq(run))
                .and(AUDIT.ACT.eq("retire"))
                .fetchOptional(AUDIT.AT)
                .map(OffsetDateTime::toInstant)
                .orElse(null);
    }

    private Lost lost(Loss loss) {
        try {
            return new Lost(loss.claim(), shape.look(target, tx -> (long) tx.fetchCount(loss.rows())), "", List.of());
        } catch (DataAccessException e) {
            return new Lost(loss.claim(), null, "SQLSTATE " + e.sqlState(), List.of());
        }
    }
}
