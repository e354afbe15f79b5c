package runbook.engine;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;

import java.util.ArrayList;
import java.util.List;
import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.SelectOrderByStep;
import org.jooq.Table;
import org.jooq.TableField;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.Run;
import runbook.spi.Claimed;
import runbook.spi.Exclusion;
import runbook.spi.Key;

/**
 * A batch whose units are claimed in a ledger, in the transaction that writes their rows.
 *
 * <p>The rows read are locked, so that no delete leaves an orphan behind: {@code FOR KEY SHARE}, which disturbs no update
 * of the application, or, where that meets a unit that somebody is changing, by passing such units by.
 */
abstract sealed class ClaimedBatch extends Batch permits InsertBatch, MapBatch {

    static final String CLAIMED_BEFORE = "already brought over by a mirror or a trial";

    private final Claimed backfill;

    ClaimedBatch(Claimed backfill) {
        this.backfill = backfill;
    }

    /** The units of the range in key order, locked. */
    <R extends Record> Select<R> locked(SelectOrderByStep<R> units, Lock lock) {
        var ordered = units.orderBy(backfill.unit().fields());
        return lock == Lock.PASS_BY
                ? ordered.forNoKeyUpdate().of(backfill.unit().table()).skipLocked()
                : ordered.forKeyShare().of(backfill.unit().table());
    }

    @Override
    boolean unclaimed(DSLContext tx, RangeRecord range) {
        Key ledger = backfill.claims();
        // In the order of the ledger's index: a plan made without statistics might read all of it to find nothing.
        return tx.select(ledger.fields())
                .from(ledger.table())
                .where(Ranges.rest(ledger, range))
                .orderBy(ledger.fields())
                .limit(1)
                .fetch()
                .isEmpty();
    }

    Condition included(Condition range) {
        return range.and(included(backfill.exclusions()));
    }

    /** Counts the units that each exclusion leaves out, one query each. */
    List<CommonTableExpression<?>> excluded(Condition range) {
        List<CommonTableExpression<?>> parts = new ArrayList<>();
        for (Exclusion exclusion : backfill.exclusions()) {
            parts.add(name("excluded" + parts.size())
                    .fields("units")
                    .as(select(count()).from(units(range.and(exclusion.when()), "left_out"))));
        }
        return parts;
    }

    @Override
    Table<?> left(Run run, Condition part) {
        return units(part.and(unclaimed(run)), "units");
    }

    /** Each unit copied has the batch's mark in the ledger, and what was there before has somebody else's. */
    @Override
    List<String> contradictions(DSLContext dsl, Run run, Ranges.Sums sums) {
        List<String> found = new ArrayList<>();
        var ledger = dsl.select(
                        count().filterWhere(backfill.claimedBy().eq(BACKFILL)),
                        count().filterWhere(backfill.claimedBy().ne(BACKFILL)))
                .from(backfill.claims().table())
                .fetchSingle();
        long claimed = ledger.value1();
        if (claimed != sums.copied()) {
            found.add("counted " + sums.copied() + " units copied, the ledger holds " + claimed);
        }
        long before = Checkpoint.skipped(dsl, run, backfill.name(), CLAIMED_BEFORE);
        long others = ledger.value2();
        if (before > others) {
            found.add("skipped " + before + " units as brought over by others, the ledger holds " + others);
        }
        return found;
    }

    /** By the source's own query, since an exclusion may speak of anything in it. */
    Table<?> units(Condition part, String alias) {
        SelectOrderByStep<?> units = backfill.source().apply(part);
        return units.asTable(alias, names(units.getSelect().size()));
    }

    private Condition unclaimed(Run run) {
        Condition same = noCondition();
        for (int i = 0; i < backfill.claims().columns().size(); i++) {
            same = same.and(equal(
                    backfill.claims().columns().get(i),
                    backfill.unit().columns().get(i)));
        }
        Condition excluded = falseCondition();
        for (Exclusion exclusion : backfill.exclusions()) {
            excluded = excluded.or(exclusion.when());
        }
        return notExists(selectOne().from(backfill.claims().table()).where(same))
                .and(excluded.isTrue().not())
                .and(Quarantine.free(run, backfill));
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the ledger's key has the types of the unit's
    private static Condition equal(TableField ledger, TableField unit) {
        return ledger.eq(unit);
    }
}
