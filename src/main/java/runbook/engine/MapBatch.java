package runbook.engine;

import static org.jooq.impl.DSL.val;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.BatchBindStep;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.Select;
import org.jooq.TableRecord;
import runbook.spi.Exclusion;
import runbook.spi.RowMap;

/** Reads units, claims them, makes their rows in Java and inserts these, all in the batch's one transaction. */
final class MapBatch<R extends Record, T extends TableRecord<T>> extends ClaimedBatch {

    private final RowMap<R, T> map;

    MapBatch(RowMap<R, T> map) {
        super(map);
        this.map = map;
    }

    /** What the author's map threw for some unit: a fault of that unit, like an error of the database about it. */
    static final class Fault extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Fault(RuntimeException cause) {
            super("the map of a unit threw " + cause, cause);
        }
    }

    @Override
    Counted run(DSLContext tx, Condition range, String by, Lock lock) {
        Result<R> units = tx.fetch(units(range, lock));
        int[] mine = units.isEmpty() ? new int[0] : claim(tx, units, by);
        long claimed = 0;
        long before = 0;
        List<T> rows = new ArrayList<>();
        for (int i = 0; i < mine.length; i++) {
            if (mine[i] == 1) {
                claimed++;
                rows.addAll(mapped(units.get(i)));
            } else {
                before++;
            }
        }
        long written = rows.isEmpty()
                ? 0
                : Arrays.stream(tx.batchInsert(rows).execute()).sum();
        Map<String, Long> skipped = new LinkedHashMap<>();
        skipped.put(CLAIMED_BEFORE, before);
        long left = 0;
        for (Exclusion exclusion : map.exclusions()) {
            long excluded = tx.fetchCount(units(range.and(exclusion.when()), "left_out"));
            skipped.put(exclusion.reason(), excluded);
            left += excluded;
        }
        return new Counted(units.size() + left, claimed, skipped, written, 0);
    }

    @Override
    Select<?> statement(DSLContext dsl, Condition range) {
        return units(range, Lock.WAIT);
    }

    private Select<R> units(Condition range, Lock lock) {
        return locked(map.source().apply(included(range)), lock);
    }

    private List<T> mapped(R unit) {
        try {
            return map.map().apply(unit);
        } catch (RuntimeException e) {
            throw new Fault(e);
        }
    }

    /** One for each unit that is ours now, none for the others. */
    private int[] claim(DSLContext tx, Result<R> units, String by) {
        List<Field<?>> columns = new ArrayList<>(map.claims().fields());
        columns.add(map.claimedBy());
        List<Field<?>> values = new ArrayList<>();
        columns.forEach(column -> values.add(val(null, column.getDataType())));
        BatchBindStep batch = tx.batch(tx.insertInto(map.claims().table())
                .columns(columns)
                .values(values)
                .onConflictDoNothing());
        for (R unit : units) {
            Object[] claim = Arrays.copyOf(unit.intoArray(), columns.size());
            claim[columns.size() - 1] = by;
            batch = batch.bind(claim);
        }
        return batch.execute();
    }
}
