package runbook.engine;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;
import static runbook.generated.engine.Tables.RANGE;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.Act;
import runbook.message.Run;
import runbook.spi.Backfill;
import runbook.spi.Key;

/**
 * The ranges of a backfill and where each stands. Cut once; a slot that has nothing to do splits
 * one. {@link Checkpoint} says how they move.
 */
final class Ranges {

    private Ranges() {}

    /**
     * Cuts the ranges of a backfill, or finds them; nobody holds one afterwards, and what the database refused before is
     * tried again.
     *
     * @param most how many ranges are cut at most
     * @throws RunbookException.Parked when the definition has changed since they were cut
     */
    static void open(Target target, Run run, Backfill backfill, String definition, int most) {
        target.inTransaction(tx -> {
            Runs.fence(tx, run);
            Optional<RangeRecord> cut = tx.selectFrom(RANGE)
                    .where(of(run, backfill.name()))
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
                insert(tx, run, backfill, definition, Cut.of(tx, backfill.unit(), most));
            } else {
                tx.update(RANGE)
                        .setNull(RANGE.OWNER_SLOT)
                        .setNull(RANGE.OWNER_TOKEN)
                        .where(of(run, backfill.name()))
                        .execute();
            }
            return run;
        });
    }

    private static void insert(DSLContext tx, Run run, Backfill backfill, String definition, Cut cut) {
        var rows = tx.insertInto(
                RANGE,
                RANGE.RUN,
                RANGE.BACKFILL,
                RANGE.NUMBER,
                RANGE.DEFINITION,
                RANGE.AFTER_KEY,
                RANGE.UPTO_KEY,
                RANGE.EXPECTED,
                RANGE.BATCH_ROWS);
        int number = 1;
        JSONB after = null;
        for (JSONB upto : cut.bounds()) {
            rows = rows.values(run.id(), backfill.name(), number, definition, after, upto, cut.unitsEach(), Pace.FIRST);
            after = upto;
            number++;
        }
        rows.execute();
    }

    /** Adds a range over all keys whose cursor is at its end: whatever was left over, anywhere, is looked for in it. */
    static void sweep(Target target, Run run, Backfill backfill) {
        target.inTransaction(tx -> {
            serialize(tx, run, backfill.name());
            JSONB last = Cut.last(tx, backfill.unit()).orElse(null);
            tx.insertInto(RANGE)
                    .set(RANGE.RUN, run.id())
                    .set(RANGE.BACKFILL, backfill.name())
                    .set(RANGE.NUMBER, next(tx, run, backfill.name()))
                    .set(RANGE.DEFINITION, any(tx, run, backfill.name()))
                    .set(RANGE.UPTO_KEY, last)
                    .set(RANGE.CURSOR_KEY, last)
                    .set(RANGE.LEFT_OVER, true)
                    .set(RANGE.BATCH_ROWS, Pace.FIRST)
                    .execute();
            return run;
        });
    }

    /** One at a time gives a range its number. */
    static void serialize(DSLContext tx, Run run, String backfill) {
        Runs.fence(tx, run);
        tx.fetch(
                "select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended({0}, 0))",
                inline("runbook/range/" + run.id() + "/" + backfill));
    }

    /** The number of the next range. */
    static int next(DSLContext tx, Run run, String backfill) {
        Integer last = tx.select(max(RANGE.NUMBER))
                .from(RANGE)
                .where(of(run, backfill))
                .fetchOne(0, Integer.class);
        return last == null ? 1 : last + 1;
    }

    private static String any(DSLContext tx, Run run, String backfill) {
        return tx.select(max(RANGE.DEFINITION))
                .from(RANGE)
                .where(of(run, backfill))
                .fetchSingle()
                .value1();
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

    /** The ranges of one backfill. */
    static Condition of(Run run, String backfill) {
        return RANGE.RUN.eq(run.id()).and(RANGE.BACKFILL.eq(backfill));
    }

    /** What is left of a range, beyond its cursor. */
    static Condition rest(Key key, RangeRecord range) {
        return between(key, range.getCursorKey() == null ? range.getAfterKey() : range.getCursorKey(), range);
    }

    /** The whole range, whatever has been copied. */
    static Condition whole(Key key, RangeRecord range) {
        return between(key, range.getAfterKey(), range);
    }

    private static Condition between(Key key, @Nullable JSONB after, RangeRecord range) {
        if (range.getUptoKey() == null) {
            return falseCondition();
        }
        Condition from = after == null ? noCondition() : Sql.after(key, Json.texts(after.data()));
        return from.and(Sql.upTo(key, Json.texts(range.getUptoKey().data())));
    }

    /** The last key of the next batch, or empty when nothing is left. */
    static Optional<List<String>> boundary(DSLContext tx, Key key, Condition rest, long rows) {
        return boundaryQuery(tx, key, rest, rows).fetchOptional(Sql::keyOf);
    }

    /** The query behind it. */
    static ResultQuery<Record> boundaryQuery(DSLContext tx, Key key, Condition rest, long rows) {
        var batch = select(key.fields())
                .from(key.table())
                .where(rest)
                .orderBy(key.fields())
                .limit(rows)
                .asTable("batch", Batch.names(key.columns().size()));
        List<Field<?>> within = List.of(batch.fields());
        return tx.select(Sql.texts(within))
                .from(batch)
                .orderBy(within.stream().map(Field::desc).toList())
                .limit(1);
    }

    /** Units over all ranges of a backfill, each counted by itself. */
    record Sums(long scanned, long copied, long skipped, long quarantined) {

        static final Sums NONE = new Sums(0, 0, 0, 0);

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
                .where(of(run, backfill))
                .fetchSingle(row -> new Sums(
                        row.value1().longValue(),
                        row.value2().longValue(),
                        row.value3().longValue(),
                        row.value4().longValue()));
    }
}
