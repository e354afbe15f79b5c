package runbook.engine;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;
import static runbook.generated.engine.Tables.MIGRATION_RUN;
import static runbook.generated.engine.Tables.RANGE;
import static runbook.generated.engine.Tables.SKIP;

import java.math.BigDecimal;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.Run;

/**
 * Where a range stands. It moves in the transaction of its batch, and only for the attempt that holds the range: a late
 * commit of an older attempt finds another token and rolls back. Whoever does not know what became of a batch reads it.
 */
final class Checkpoint {

    private Checkpoint() {}

    /**
     * Holds the range for the caller's transaction, and reads where it stands: whatever became of the batch before, a
     * batch begins where the database says. Another slot may have split the end off.
     */
    static RangeRecord hold(DSLContext tx, RangeRecord range) {
        return tx.selectFrom(RANGE)
                .where(held(range))
                .forUpdate()
                .fetchOptional()
                .orElseThrow(() -> takenOver(range));
    }

    /** Moves the cursor and adds the counts, in the batch's transaction; refused to everybody but the owner. */
    static void advance(DSLContext tx, RangeRecord range, Advance advance) {
        int moved = tx.update(RANGE)
                .set(RANGE.CURSOR_KEY, advance.cursor())
                .set(RANGE.BATCH_ROWS, advance.pace().rows())
                .set(RANGE.BATCH_WHY, advance.pace().why())
                .set(RANGE.UNITS_PER_SECOND, advance.pace().unitsPerSecond())
                .set(RANGE.LEFT_OVER, range.getLeftOver() || advance.passedBy())
                .set(RANGE.BATCHES, RANGE.BATCHES.plus(1))
                .set(RANGE.SCANNED, RANGE.SCANNED.plus(advance.counted().scanned()))
                .set(RANGE.COPIED, RANGE.COPIED.plus(advance.counted().copied()))
                .set(RANGE.SKIPPED, RANGE.SKIPPED.plus(advance.counted().skippedUnits()))
                .set(RANGE.QUARANTINED, RANGE.QUARANTINED.plus(advance.quarantined()))
                .set(
                        RANGE.ROWS_WRITTEN,
                        RANGE.ROWS_WRITTEN.plus(advance.counted().rows()))
                .set(RANGE.BUSY_MILLIS, RANGE.BUSY_MILLIS.plus(advance.millis()))
                .set(RANGE.CHANGED_AT, currentOffsetDateTime())
                .where(held(range))
                .execute();
        if (moved != 1) {
            throw takenOver(range);
        }
        advance.counted().skipped().forEach((reason, units) -> skipped(tx, range, reason, units));
    }

    /**
     * Where a batch leaves its range.
     *
     * @param passedBy whether units may be left over because somebody was changing them
     */
    record Advance(JSONB cursor, Pace pace, Batch.Counted counted, long quarantined, boolean passedBy, long millis) {}

    static void finish(DSLContext tx, RangeRecord range) {
        int finished = tx.update(RANGE)
                .set(RANGE.FINISHED_AT, currentOffsetDateTime())
                .setNull(RANGE.OWNER_SLOT)
                .where(held(range))
                .execute();
        if (finished != 1) {
            throw takenOver(range);
        }
    }

    /** Gives the range back, for another slot to take. */
    static void release(Target target, RangeRecord range) {
        target.dsl()
                .update(RANGE)
                .setNull(RANGE.OWNER_SLOT)
                .setNull(RANGE.OWNER_TOKEN)
                .where(held(range))
                .execute();
    }

    private static Condition held(RangeRecord range) {
        return RANGE.RUN
                .eq(range.getRun())
                .and(RANGE.BACKFILL.eq(range.getBackfill()))
                .and(RANGE.NUMBER.eq(range.getNumber()))
                .and(RANGE.OWNER_EPOCH.eq(range.getOwnerEpoch()))
                .and(RANGE.OWNER_TOKEN.eq(range.getOwnerToken()))
                .and(RANGE.OWNER_EPOCH.eq(field(select(max(MIGRATION_RUN.EPOCH))
                        .from(MIGRATION_RUN)
                        .where(MIGRATION_RUN.ID.eq(range.getRun()))
                        .and(MIGRATION_RUN.ENDED_AT.isNull()))));
    }

    private static RunbookException takenOver(RangeRecord range) {
        return new RunbookException.Fenced("backfill '" + range.getBackfill() + "', range " + range.getNumber()
                + ": another attempt has taken it over. Nothing of this batch was written.");
    }

    private static void skipped(DSLContext tx, RangeRecord range, String reason, long units) {
        if (units > 0) {
            tx.insertInto(SKIP)
                    .set(SKIP.RUN, range.getRun())
                    .set(SKIP.BACKFILL, range.getBackfill())
                    .set(SKIP.NUMBER, range.getNumber())
                    .set(SKIP.REASON, reason)
                    .set(SKIP.UNITS, units)
                    .onConflict(SKIP.RUN, SKIP.BACKFILL, SKIP.NUMBER, SKIP.REASON)
                    .doUpdate()
                    .set(SKIP.UNITS, SKIP.UNITS.plus(units))
                    .execute();
        }
    }

    /** How many units a backfill has skipped for a reason. */
    static long skipped(DSLContext dsl, Run run, String backfill, String reason) {
        BigDecimal units = dsl.select(sum(SKIP.UNITS))
                .from(SKIP)
                .where(SKIP.RUN.eq(run.id()))
                .and(SKIP.BACKFILL.eq(backfill))
                .and(SKIP.REASON.eq(reason))
                .fetchSingle()
                .value1();
        return units == null ? 0 : units.longValue();
    }
}
