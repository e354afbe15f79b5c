package runbook.engine;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Table;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.Run;
import runbook.spi.Backfill;
import runbook.spi.Exclusion;
import runbook.spi.Insert;
import runbook.spi.RowMap;
import runbook.spi.Update;

/**
 * How one kind of backfill brings the units of a range over, in one transaction with the counts. Units read, units
 * brought over and units skipped are each counted by themselves; no number is the difference of two others.
 */
abstract sealed class Batch permits ClaimedBatch, UpdateBatch {

    static Batch of(Backfill backfill) {
        if (backfill instanceof Insert insert) {
            return new InsertBatch(insert);
        }
        return backfill instanceof RowMap<?, ?> map ? new MapBatch<>(map) : new UpdateBatch((Update) backfill);
    }

    /**
     * What one batch did, in units, and rows written.
     *
     * @param skipped by reason
     * @param pending of the units copied, those that it would copy again
     */
    record Counted(long scanned, long copied, Map<String, Long> skipped, long rows, long pending) {

        static final Counted ONE_REFUSED = new Counted(1, 0, Map.of(), 0, 0);

        Counted with(long stillPending) {
            return new Counted(scanned, copied, skipped, rows, stillPending);
        }

        long skippedUnits() {
            return skipped.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** What a batch does about a unit that somebody is changing: whoever changes one holds its row. */
    enum Lock {
        /** Waits, as long as the lock time-out lets it. */
        WAIT,
        /** Takes the others; the unit is left over for a later look. */
        PASS_BY,
        /**
         * Waits too, and takes for granted that nobody has claimed a unit of the range: no claim is looked up, which
         * saves a third of the time. Refused with 23505, and nothing written, when somebody has claimed one after all.
         */
        UNCLAIMED
    }

    /** The batch's mark in a ledger. */
    static final String BACKFILL = "backfill";

    /**
     * Brings the units of the range over.
     *
     * @param by who claims them, where claims are kept
     */
    abstract Counted run(DSLContext tx, Condition range, String by, Lock lock);

    /** Whether nobody has claimed a unit of what is left of the range; false where no claims are kept. */
    boolean unclaimed(DSLContext tx, RangeRecord range) {
        return false;
    }

    /** The statement for the units of a range: the one that is run, for a plan and for EXPLAIN. */
    abstract Query statement(DSLContext dsl, Condition range);

    /** The keys of units that are neither brought over, nor excluded, nor in quarantine; the columns are named c0, c1 … */
    abstract Table<?> left(Run run, Condition part);

    /** What the tables themselves say against the counts: each contradiction as a sentence; empty when there is none. */
    abstract List<String> contradictions(DSLContext dsl, Run run, Ranges.Sums sums);

    /** Reads the counts of a statement that ends in {@link #counts}. */
    static Counted counted(Record counts, String before, List<Exclusion> exclusions) {
        Map<String, Long> skipped = new LinkedHashMap<>();
        skipped.put(before, counts.get("before", Long.class));
        for (int i = 0; i < exclusions.size(); i++) {
            skipped.put(exclusions.get(i).reason(), counts.get("excluded" + i, Long.class));
        }
        return new Counted(
                counts.get("scanned", Long.class),
                counts.get("units", Long.class),
                skipped,
                counts.get("rows", Long.class),
                0);
    }

    static Condition included(List<Exclusion> exclusions) {
        Condition included = noCondition();
        for (Exclusion exclusion : exclusions) {
            included = included.and(exclusion.when().isTrue().not());
        }
        return included;
    }

    /** Adds one part and one count for each exclusion; gives the sum of all with what is read besides. */
    static Field<Integer> counts(List<CommonTableExpression<?>> excluded, Field<Integer> read, List<Field<?>> counted) {
        Field<Integer> scanned = read;
        for (int i = 0; i < excluded.size(); i++) {
            Field<Integer> units =
                    field(select(field(name("units"), Integer.class)).from(table(name("excluded" + i))));
            counted.add(units.as("excluded" + i));
            scanned = scanned.plus(units);
        }
        return scanned;
    }

    static Field<Integer> total(String part) {
        return field(select(count()).from(table(name(part))));
    }

    static Field<Object> column(String part, int position) {
        return field(name(part, "c" + position));
    }

    /** Names for columns of a source, which may repeat a column. */
    static String[] names(int columns) {
        String[] names = new String[columns];
        for (int i = 0; i < columns; i++) {
            names[i] = "c" + i;
        }
        return names;
    }
}
