package runbook.engine;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.update;

import java.util.ArrayList;
import java.util.List;
import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.UpdateConditionStep;
import org.jooq.UpdateFromStep;
import runbook.message.Run;
import runbook.spi.Exclusion;

/**
 * One statement that changes the pending units of a range in place and counts. It takes no lock before it writes, since
 * that would write each row twice; when its counts do not add up, because somebody changed or deleted a unit under it,
 * it is undone and done again with the units locked first.
 */
final class UpdateBatch extends Batch {

    static final String DONE_BEFORE = "already as it should be";

    private static final String UNITS = "units";
    private static final String UPDATED = "updated";
    private static final String BEFORE = "before";
    private static final String PENDING = "pending";

    private final runbook.spi.Update update;

    UpdateBatch(runbook.spi.Update update) {
        this.update = update;
    }

    /** Somebody wrote a unit of the range between the statement's snapshot and its write. */
    static final class Overtaken extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Overtaken() {
            super("a unit was changed under the batch");
        }
    }

    @Override
    Counted run(DSLContext tx, Condition range, String by, Lock lock) {
        Condition units = range;
        if (lock == Lock.PASS_BY) {
            List<List<String>> held = tx.select(Sql.texts(update.unit()))
                    .from(update.target())
                    .where(range)
                    .orderBy(update.unit().fields())
                    .forNoKeyUpdate()
                    .skipLocked()
                    .fetch(Sql::keyOf);
            units = Sql.among(update.unit(), held);
        }
        Record counts = statement(tx, units).fetchSingle();
        Counted counted = counted(counts, DONE_BEFORE, update.exclusions()).with(counts.get(PENDING, Long.class));
        if (counted.copied() + counted.skippedUnits() != counted.scanned()) {
            throw new Overtaken();
        }
        return counted;
    }

    @Override
    Select<?> statement(DSLContext dsl, Condition range) {
        List<CommonTableExpression<?>> parts = new ArrayList<>();
        parts.add(name(UPDATED).fields(PENDING).as(changed(range).returningResult(field(wanted()))));
        parts.add(name(UNITS).fields(UNITS).as(number(range.and(included(update.exclusions())))));
        parts.add(name(BEFORE)
                .fields(UNITS)
                .as(number(range.and(included(update.exclusions()))
                        .and(pending().isTrue().not()))));
        List<CommonTableExpression<?>> excluded = new ArrayList<>();
        for (Exclusion exclusion : update.exclusions()) {
            excluded.add(name("excluded" + excluded.size()).fields(UNITS).as(number(range.and(exclusion.when()))));
        }
        parts.addAll(excluded);
        List<Field<?>> counted = new ArrayList<>();
        counted.add(counts(excluded, of(UNITS), counted).as("scanned"));
        counted.add(total(UPDATED).as("units"));
        counted.add(total(UPDATED).as("rows"));
        counted.add(of(BEFORE).as("before"));
        counted.add(field(select(count()).from(table(name(UPDATED))).where(field(name(PENDING), Boolean.class)))
                .as(PENDING));
        return dsl.with(parts).select(counted);
    }

    @Override
    Table<?> left(Run run, Condition part) {
        return select(update.unit().fields())
                .from(update.target())
                .where(part)
                .and(open())
                .and(Quarantine.free(run, update))
                .asTable("units", names(update.unit().columns().size()));
    }

    /** What is still pending is left over, and told as that. */
    @Override
    List<String> contradictions(DSLContext dsl, Run run, Ranges.Sums sums) {
        return List.of();
    }

    private UpdateConditionStep<?> changed(Condition range) {
        UpdateFromStep<?> set = update(update.target()).set(update.set());
        return (update.from() == null ? set : set.from(update.from())).where(range.and(wanted()));
    }

    /** What it changes; true of a row that it has changed, it would change it again and again. */
    private Condition wanted() {
        return included(update.exclusions()).and(update.pending()).and(update.join());
    }

    /** The units of a range that it would change. */
    Condition open() {
        return included(update.exclusions()).and(pending());
    }

    /** A unit for which there is nothing to take values from never gets any. */
    private Condition pending() {
        return update.from() == null
                ? update.pending()
                : exists(selectOne().from(update.from()).where(update.join()).and(update.pending()));
    }

    private Select<Record1<Integer>> number(Condition which) {
        return select(count()).from(update.target()).where(which);
    }

    private static Field<Integer> of(String part) {
        return field(select(field(name(part, UNITS), Integer.class)).from(table(name(part))));
    }
}
