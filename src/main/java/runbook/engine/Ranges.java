package runbook.engine;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;
import static runbook.generated.engine.Tables.MIGRATION_RUN;
import static runbook.generated.engine.Tables.RANGE;
import static runbook.generated.engine.Tables.SKIP;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.Act;
import runbook.message.Run;
import runbook.spi.Backfill;
import runbook.spi.Key;

/**
 * The ranges of a backfill and where each stands. The cursor moves in the transaction of its batch, and only for the
 * attempt that holds the range: a late commit of an older attempt finds another token and rolls back.
 */
final class Ranges {

    private Ranges() {}

    /**
     * Cuts the ranges of a backfill, or finds them; what the database refused before is tried again.
     *
     * @throws RunbookException.Parked when the definition has changed since they were cut
     */
    static void open(Target target, Run run, Backfill backfill, String definition) {
        target.inTransaction(tx -> {
            Runs.fence(tx, run);
            Optional<RangeRecord> cut = tx.selectFrom(RANGE)
                    .where(RANGE.RUN.eq(run.id()))
                    .and(RANGE.BACKFILL.eq(backfill.name()))
                    .limit(1)
                    .fetchOptional();
            if (cut.isPresent() && !cut.get().getDefinition().equals(definition)) {
                throw new RunbookException.Parked(run.migration() + ": backfill '" + backfill.name()
                        + "' was begun with another definition ("
                        + cut.get().getDefinition().substring(0, 8) + ", now "
                        + definition.substring(0, 8)
                        + "). Nothing more was copied. Put the former version back and send"
                        + " 'retry', or send 'retry' with \"acceptDefinition\": true, or 'rollback'.");
            }
            Quarantine.release(tx, run, backfill);
            if (cut.isEmpty()) {
                tx.insertInto(RANGE)
                        .set(RANGE.RUN, run.id())
                        .set(RANGE.BACKFILL, backfill.name())
                        .set(RANGE.NUMBER, 1)
                        .set(RANGE.DEFINITION, definition)
                        .set(RANGE.UPTO_KEY, last(tx, backfill.unit()))
                        .set(RANGE.BATCH_ROWS, Pace.FIRST)
                        .execute();
            }
            return run;
        });
    }

    /**
     * Begins the ranges of a backfill again for units that were left over. The cursors stay, so that nothing is counted
     * twice: a range at its end looks for what was left over in it. The last one now reaches to the last key of now.
     */
    static void reopen(Target target, Run run, Backfill backfill) {
        target.inTransaction(tx -> {
            Runs.fence(tx, run);
            Condition ours = RANGE.RUN.eq(run.id()).and(RANGE.BACKFILL.eq(backfill.name()));
            tx.update(RANGE)
                    .set(RANGE.UPTO_KEY, last(tx, backfill.unit()))
                    .where(ours)
                    .and(RANGE.NUMBER.eq(select(max(RANGE.NUMBER)).from(RANGE).where(ours)))
                    .execute();
            return tx.update(RANGE).setNull(RANGE.FINISHED_AT).where(ours).execute();
        });
    }

    /** Lets a changed definition go on where the former one stopped, with an audit line. */
    static void accept(Target target, Run run, String definition) {
        target.inTransaction(tx -> {
            Runs.fence(tx, run);
            tx.update(RANGE)
                    .set(RANGE.DEFINITION, definition)
                    .where(RANGE.RUN.eq(run.id()))
                    .execute();
            Runs.write(
                    tx,
                    new Act(
                            run,
                            "accept definition",
                            run.migration(),
                            "run " + run.id(),
                            Map.of("definition", definition),
                            "accept/" + definition));
            return run;
        });
    }

    /** Takes the next unfinished range for this attempt, whoever held it before. */
    static Optional<RangeRecord> take(Target target, Run run, Backfill backfill, String token) {
        return target.inTransaction(tx -> {
            Runs.fence(tx, run);
            Optional<RangeRecord> next = tx.selectFrom(RANGE)
                    .where(RANGE.RUN.eq(run.id()))
                    .and(RANGE.BACKFILL.eq(backfill.name()))
                    .and(RANGE.FINISHED_AT.isNull())
                    .orderBy(RANGE.NUMBER)
                    .limit(1)
                    .forUpdate()
                    .skipLocked()
                    .fetchOptional();
            next.ifPresent(range -> {
                range.setOwnerEpoch(run.epoch());
                range.setOwnerToken(token);
                range.store();
            });
            return next;
        });
    }

    /** What is left of a range, beyond its cursor. */
    static Condition rest(Key key, RangeRecord range) {
        Condition rest = org.jooq.impl.DSL.noCondition();
        JSONB from = range.getCursorKey() == null ? range.getAfterKey() : range.getCursorKey();
        if (from != null) {
            rest = rest.and(Sql.after(key, Json.texts(from.data())));
        }
        return range.getUptoKey() == null
                ? org.jooq.impl.DSL.falseCondition()
                : rest.and(Sql.upTo(key, Json.texts(range.getUptoKey().data())));
    }

    /** The whole range, whatever has been copied. */
    static Condition whole(Key key, RangeRecord range) {
        Condition from = range.getAfterKey() == null
                ? org.jooq.impl.DSL.noCondition()
                : Sql.after(key, Json.texts(range.getAfterKey().data()));
        return range.getUptoKey() == null
                ? org.jooq.impl.DSL.falseCondition()
                : from.and(Sql.upTo(key, Json.texts(range.getUptoKey().data())));
    }

    /** The last key of the next batch, or empty when the range is done. */
    static Optional<List<String>> boundary(DSLContext tx, Key key, Condition rest, int rows) {
        List<Field<?>> fields = key.fields();
        var batch = select(fields)
                .from(key.table())
                .where(rest)
                .orderBy(fields)
                .limit(rows)
                .asTable("batch");
        List<Field<?>> within = new ArrayList<>();
        fields.forEach(f -> within.add(batch.field(f)));
        return tx.select(within)
                .from(batch)
                .orderBy(within.stream().map(f -> f.desc()).toList())
                .limit(1)
                .fetchOptional(record -> Sql.keyOf(key, record));
    }

    /** Moves the cursor and adds the counts, in the batch's transaction; refused to everybody but the owner. */
    static void advance(DSLContext tx, RangeRecord range, Advance advance) {
        int moved = tx.update(RANGE)
                .set(RANGE.CURSOR_KEY, Sql.json(advance.cursor()))
                .set(RANGE.BATCH_ROWS, advance.batchRows())
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
        refuseUnless(moved == 1, range);
        advance.counted().skipped().forEach((reason, units) -> skipped(tx, range, reason, units));
    }

    /** Where a batch leaves its range. */
    record Advance(List<String> cursor, int batchRows, Batch.Counted counted, long quarantined, long millis) {}

    static void finish(DSLContext tx, RangeRecord range) {
        refuseUnless(
                tx.update(RANGE)
                                .set(RANGE.FINISHED_AT, currentOffsetDateTime())
                                .where(held(range))
                                .execute()
                        == 1,
                range);
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

    private static void refuseUnless(boolean held, RangeRecord range) {
        if (!held) {
            throw new RunbookException.Fenced("backfill '" + range.getBackfill() + "', range " + range.getNumber()
                    + ": another attempt has taken it over. Nothing of this batch was written.");
        }
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

    private static @Nullable JSONB last(DSLContext tx, Key key) {
        return tx.select(key.fields())
                .from(key.table())
                .orderBy(key.fields().stream().map(f -> f.desc()).toList())
                .limit(1)
                .fetchOptional(record -> Sql.json(Sql.keyOf(key, record)))
                .orElse(null);
    }

    /** Units over all ranges of a backfill, each counted by itself. */
    record Sums(long scanned, long copied, long skipped, long quarantined) {

        Sums plus(Sums other) {
            return new Sums(
                    scanned + other.scanned,
                    copied + other.copied,
                    skipped + other.skipped,
                    quarantined + other.quarantined);
        }
    }

    /** For progress and for the final count. */
    static Sums sums(DSLContext dsl, Run run, String backfill) {
        return dsl.select(
                        coalesce(sum(RANGE.SCANNED), BigDecimal.ZERO),
                        coalesce(sum(RANGE.COPIED), BigDecimal.ZERO),
                        coalesce(sum(RANGE.SKIPPED), BigDecimal.ZERO),
                        coalesce(sum(RANGE.QUARANTINED), BigDecimal.ZERO))
                .from(RANGE)
                .where(RANGE.RUN.eq(run.id()))
                .and(RANGE.BACKFILL.eq(backfill))
                .fetchSingle(row -> new Sums(
                        row.value1().longValue(),
                        row.value2().longValue(),
                        row.value3().longValue(),
                        row.value4().longValue()));
    }
}
