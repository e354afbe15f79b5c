package runbook.engine;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.noCondition;

import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.Run;
import runbook.spi.Backfill;

/** Units that nobody has brought over, that are not excluded, and that the database did not refuse. */
final class Leftovers {

    /** Few enough for one statement that names them all. */
    private static final int AT_ONCE = 200;

    private Leftovers() {}

    /** Keys of left-over units of a range, some of them. */
    static List<List<String>> within(DSLContext tx, Run run, Backfill backfill, RangeRecord range, int rows) {
        Table<?> left = Batch.of(backfill).left(run, Ranges.whole(backfill.unit(), range));
        List<Field<?>> key =
                List.of(left.fields()).subList(0, backfill.unit().columns().size());
        return tx.select(Sql.texts(key))
                .from(left)
                .orderBy(key)
                .limit(Math.min(AT_ONCE, rows))
                .fetch(Sql::keyOf);
    }

    /** How many there are in the whole source. */
    static long counted(DSLContext dsl, Run run, Backfill backfill) {
        return counted(dsl, run, backfill, noCondition());
    }

    /** How many of these units are. */
    static long among(DSLContext dsl, Run run, Backfill backfill, List<List<String>> keys) {
        return counted(dsl, run, backfill, Sql.among(backfill.unit(), keys));
    }

    /** Whether this unit is; one whose values cannot even be looked at is. */
    static boolean has(DSLContext tx, Run run, Backfill backfill, List<String> key) {
        try {
            return tx.transactionResult(apart -> among(apart.dsl(), run, backfill, List.of(key)) > 0);
        } catch (DataAccessException e) {
            if (!Sql.ofTheData(e)) {
                throw e;
            }
            return true;
        }
    }

    private static long counted(DSLContext dsl, Run run, Backfill backfill, Condition part) {
        return dsl.select(count())
                .from(Batch.of(backfill).left(run, part))
                .fetchSingle()
                .value1();
    }
}
