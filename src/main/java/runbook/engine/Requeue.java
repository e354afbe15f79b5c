package runbook.engine;

import static org.jooq.impl.DSL.field;
import static runbook.generated.engine.Tables.AUDIT;

import java.util.Map;
import org.jooq.Field;
import runbook.message.Act;
import runbook.message.PhaseReport;
import runbook.message.RequeueReport;
import runbook.message.RequeueRequest;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Backfill;
import runbook.spi.Migration;

/** Another try for rows that the database refused, once somebody has corrected them. */
public final class Requeue {

    private static final Field<Long> FOUND = field("({0} ->> 'rows')::bigint", Long.class, AUDIT.DETAIL);

    private Requeue() {}

    /**
     * Lets every row out of the quarantine and copies it; one that is refused again is back with its newest reason.
     *
     * @param token names this attempt, as for {@link Copier}
     * @throws RunbookException.Parked when the counts do not add up afterwards, or the definition has changed
     */
    public static RequeueReport requeue(
            Target target, RequeueRequest request, Migration migration, String token, Pulse pulse) {
        Run run = request.phase().run();
        long released = audited(target, request);
        String definition = Plan.definition(migration);
        for (Backfill backfill : migration.backfills()) {
            Ranges.open(target, run, backfill, definition, Backfills.MOST_RANGES);
            new Copier(target, request.phase(), backfill, pulse).copy(0, token);
        }
        PhaseReport counted = Backfills.count(target, run, migration);
        if (counted.verdict() != Verdict.PASSED) {
            throw new RunbookException.Parked(String.join(" ", counted.problems()));
        }
        return new RequeueReport(released, Quarantine.held(target.dsl(), run));
    }

    /** How many rows the first attempt found in quarantine. */
    private static long audited(Target target, RequeueRequest request) {
        Run run = request.phase().run();
        return target.inTransaction(tx -> {
            Runs.fence(tx, run);
            String rows = String.valueOf(Quarantine.held(tx, run));
            Map<String, String> detail = Map.of("rows", rows, "reason", request.reason());
            Act act = new Act(run, "requeue", "backfill", request.requestedBy(), detail, request.once());
            Runs.write(tx, act);
            return tx.select(FOUND)
                    .from(AUDIT)
                    .where(AUDIT.ONCE.eq(Runs.once(act)))
                    .fetchSingle()
                    .value1();
        });
    }
}
