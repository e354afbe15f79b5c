package runbook.engine;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.insertInto;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectCount;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import runbook.spi.Exclusion;
import runbook.spi.Insert;

/**
 * One statement that brings a range over: it reads the units, claims those that nobody has claimed, writes the rows of
 * the claimed ones, and counts each of these by itself. So no number is the difference of two others.
 *
 * <p>The rows read are locked, so that no delete leaves an orphan behind: {@code FOR KEY SHARE}, which disturbs no update
 * of the application, or, where that meets a unit that somebody is changing, by passing such units by.
 */
final class Batch {

    private static final String SOURCE = "source";
    private static final String CLAIMED = "claimed";
    private static final String COPIED = "copied";
    private static final Condition SAME_UNIT = noCondition();

    private final Insert insert;
    private final int keys;

    Batch(Insert insert) {
        this.insert = insert;
        this.keys = insert.unit().columns().size();
    }

    /**
     * What one statement did, in units, and rows written.
     *
     * @param skipped by reason
     */
    record Counted(long scanned, long copied, Map<String, Long> skipped, long rows) {

        long skippedUnits() {
            return skipped.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** What a batch does about a unit that somebody is changing: whoever changes one holds its row and its claim. */
    enum Lock {
        /** Waits for the claim, as long as the lock time-out lets it. */
        WAIT,
        /** Takes the others; the unit is left over for a later look. */
        PASS_BY
    }

    static final String CLAIMED_BEFORE = "already brought over by a mirror or a trial";

    /** Runs the statement for the units in the range. */
    Counted run(DSLContext tx, Condition range, String claimedBy, Lock lock) {
        Record counts = statement(tx, range, claimedBy, lock).fetchSingle();
        Map<String, Long> skipped = new LinkedHashMap<>();
        skipped.put(CLAIMED_BEFORE, counts.get("before", Long.class));
        for (int i = 0; i < insert.exclusions().size(); i++) {
            skipped.put(insert.exclusions().get(i).reason(), counts.get("excluded" + i, Long.class));
        }
        return new Counted(
                counts.get("scanned", Long.class),
                counts.get("units", Long.class),
                skipped,
                counts.get("rows", Long.class));
    }

    /** The statement, for running it and for printing it in a plan. */
    Select<?> statement(DSLContext tx, Condition range, String claimedBy, Lock lock) {
        List<CommonTableExpression<?>> parts =
                new ArrayList<>(List.of(source(range, lock), claimed(claimedBy), copied()));
        List<Field<?>> counted = new ArrayList<>();
        Field<Integer> scanned = total(SOURCE);
        for (int i = 0; i < insert.exclusions().size(); i++) {
            parts.add(excluded(i, range));
            Field<Integer> units =
                    field(select(field(name("units"), Integer.class)).from(table(name("excluded" + i))));
            counted.add(units.as("excluded" + i));
            scanned = scanned.plus(units);
        }
        counted.add(scanned.as("scanned"));
        counted.add(total(CLAIMED).as("units"));
        counted.add(total(COPIED).as("rows"));
        counted.add(field(selectCount()
                        .from(table(name(SOURCE)))
                        .where(notExists(selectOne().from(table(name(CLAIMED))).where(sameUnit()))))
                .as("before"));
        return tx.with(parts).select(counted);
    }

    private CommonTableExpression<?> source(Condition range, Lock lock) {
        var units = insert.source()
                .apply(range.and(included()))
                .orderBy(insert.unit().fields());
        Select<?> locked = lock == Lock.WAIT
                ? units.forKeyShare().of(insert.unit().table())
                : units.forNoKeyUpdate().of(insert.unit().table()).skipLocked();
        return name(SOURCE).fields(names(insert)).asMaterialized(locked);
    }

    private CommonTableExpression<?> claimed(String claimedBy) {
        List<Field<?>> columns = new ArrayList<>(insert.claims().fields());
        columns.add(insert.claimedBy());
        List<Field<?>> values = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            values.add(column(SOURCE, i));
        }
        values.add(inline(claimedBy));
        return name(CLAIMED)
                .fields(Arrays.copyOf(names(insert), keys))
                .as(insertInto(insert.claims().table())
                        .columns(columns)
                        .select(select(values).from(table(name(SOURCE))))
                        .onConflictDoNothing()
                        .returning(insert.claims().fields()));
    }

    private CommonTableExpression<?> copied() {
        List<Field<?>> values = new ArrayList<>();
        for (int i = 0; i < insert.columns().size(); i++) {
            values.add(column(SOURCE, keys + i));
        }
        Table<?> joined = table(name(SOURCE)).join(table(name(CLAIMED))).on(sameUnit());
        return name(COPIED)
                .fields("one")
                .as(insertInto(insert.target())
                        .columns(insert.columns())
                        .select(select(values).from(joined))
                        .returningResult(inline(1)));
    }

    private Condition sameUnit() {
        Condition same = SAME_UNIT;
        for (int i = 0; i < keys; i++) {
            same = same.and(column(SOURCE, i).eq(column(CLAIMED, i)));
        }
        return same;
    }

    private Condition included() {
        Condition included = noCondition();
        for (Exclusion exclusion : insert.exclusions()) {
            included = included.and(exclusion.when().isTrue().not());
        }
        return included;
    }

    private CommonTableExpression<?> excluded(int position, Condition range) {
        Condition when = range.and(insert.exclusions().get(position).when());
        return name("excluded" + position)
                .fields("units")
                .as(select(count()).from(insert.source().apply(when).asTable("left_out", names(insert))));
    }

    private static Field<Integer> total(String part) {
        return field(select(count()).from(table(name(part))));
    }

    private static Field<Object> column(String part, int position) {
        return field(name(part, "c" + position));
    }

    /** Names for the columns of the source, which may repeat a column: the key's, then the target's. */
    static String[] names(Insert insert) {
        String[] names =
                new String[insert.unit().columns().size() + insert.columns().size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = "c" + i;
        }
        return names;
    }
}
