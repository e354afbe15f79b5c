package runbook.engine;

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
import java.util.List;
import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Select;
import org.jooq.Table;
import runbook.spi.Insert;

/**
 * One statement that brings a range over: it reads the units, claims those that nobody has claimed, writes the rows of
 * the claimed ones, and counts each of these.
 */
final class InsertBatch extends ClaimedBatch {

    private static final String SOURCE = "source";
    private static final String CLAIMED = "claimed";
    private static final String COPIED = "copied";

    private final Insert insert;
    private final int keys;

    InsertBatch(Insert insert) {
        super(insert);
        this.insert = insert;
        this.keys = insert.unit().columns().size();
    }

    @Override
    Counted run(DSLContext tx, Condition range, String by, Lock lock) {
        return counted(statement(tx, range, by, lock).fetchSingle(), CLAIMED_BEFORE, insert.exclusions());
    }

    @Override
    Select<?> statement(DSLContext dsl, Condition range) {
        return statement(dsl, range, BACKFILL, Lock.WAIT);
    }

    private Select<?> statement(DSLContext dsl, Condition range, String by, Lock lock) {
        List<CommonTableExpression<?>> parts =
                new ArrayList<>(List.of(source(range, lock), claimed(by, lock), copied(lock)));
        List<CommonTableExpression<?>> excluded = excluded(range);
        parts.addAll(excluded);
        List<Field<?>> counted = new ArrayList<>();
        counted.add(counts(excluded, total(SOURCE), counted).as("scanned"));
        counted.add(total(CLAIMED).as("units"));
        counted.add(total(COPIED).as("rows"));
        counted.add((lock == Lock.UNCLAIMED ? inline(0) : before()).as("before"));
        return dsl.with(parts).select(counted);
    }

    private Field<Integer> before() {
        return field(selectCount()
                .from(table(name(SOURCE)))
                .where(notExists(selectOne().from(table(name(CLAIMED))).where(sameUnit()))));
    }

    private CommonTableExpression<?> source(Condition range, Lock lock) {
        return name(SOURCE)
                .fields(names(keys + insert.columns().size()))
                .asMaterialized(locked(insert.source().apply(included(range)), lock));
    }

    private CommonTableExpression<?> claimed(String by, Lock lock) {
        List<Field<?>> columns = new ArrayList<>(insert.claims().fields());
        columns.add(insert.claimedBy());
        List<Field<?>> values = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            values.add(column(SOURCE, i));
        }
        values.add(inline(by));
        var claims = insertInto(insert.claims().table())
                .columns(columns)
                .select(select(values).from(table(name(SOURCE))));
        return lock == Lock.UNCLAIMED
                ? name(CLAIMED).fields("one").as(claims.returningResult(inline(1)))
                : name(CLAIMED)
                        .fields(names(keys))
                        .as(claims.onConflictDoNothing()
                                .returning(insert.claims().fields()));
    }

    private CommonTableExpression<?> copied(Lock lock) {
        List<Field<?>> values = new ArrayList<>();
        for (int i = 0; i < insert.columns().size(); i++) {
            values.add(column(SOURCE, keys + i));
        }
        Table<?> mine = lock == Lock.UNCLAIMED
                ? table(name(SOURCE))
                : table(name(SOURCE)).join(table(name(CLAIMED))).on(sameUnit());
        return name(COPIED)
                .fields("one")
                .as(insertInto(insert.target())
                        .columns(insert.columns())
                        .select(select(values).from(mine))
                        .returningResult(inline(1)));
    }

    private Condition sameUnit() {
        Condition same = noCondition();
        for (int i = 0; i < keys; i++) {
            same = same.and(column(SOURCE, i).eq(column(CLAIMED, i)));
        }
        return same;
    }
}
