package runbook.engine;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;
import static runbook.generated.engine.Tables.QUARANTINE;

import java.util.ArrayList;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.Run;
import runbook.spi.Exclusion;
import runbook.spi.Insert;

/** Units that nobody has claimed, that are not excluded, and that the database did not refuse. */
final class Leftovers {

    /** Few enough for one statement that names them all. */
    private static final int AT_ONCE = 200;

    private Leftovers() {}

    /** Keys of left-over units of a range, some of them. */
    static List<List<String>> within(DSLContext tx, Run run, Insert insert, RangeRecord range, int rows) {
        Table<?> units = units(run, insert, Ranges.whole(insert.unit(), range));
        List<Field<?>> key =
                List.of(units.fields()).subList(0, insert.unit().columns().size());
        return tx.select(key)
                .from(units)
                .orderBy(key)
                .limit(Math.min(AT_ONCE, rows))
                .fetch(row -> Sql.keyOf(insert.unit(), row));
    }

    /** How many there are in the whole source. */
    static long counted(DSLContext dsl, Run run, Insert insert) {
        return dsl.select(count())
                .from(units(run, insert, noCondition()))
                .fetchSingle()
                .value1();
    }

    /** By the source's own query, since an exclusion may speak of anything in it. */
    private static Table<?> units(Run run, Insert insert, Condition part) {
        return insert.source().apply(part.and(unclaimed(run, insert))).asTable("units", Batch.names(insert));
    }

    private static Condition unclaimed(Run run, Insert insert) {
        Condition same = noCondition();
        List<Field<?>> texts = new ArrayList<>();
        for (int i = 0; i < insert.claims().columns().size(); i++) {
            same = same.and(equal(
                    insert.claims().columns().get(i), insert.unit().columns().get(i)));
            texts.add(insert.unit().columns().get(i).cast(String.class));
        }
        Condition excluded = falseCondition();
        for (Exclusion exclusion : insert.exclusions()) {
            excluded = excluded.or(exclusion.when());
        }
        Field<JSONB> key = DSL.function("jsonb_build_array", JSONB.class, texts.toArray(Field[]::new));
        return notExists(selectOne().from(insert.claims().table()).where(same))
                .and(excluded.isTrue().not())
                .and(notExists(selectOne().from(QUARANTINE).where(Quarantine.holds(run, insert, key))));
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the ledger's key has the types of the unit's
    private static Condition equal(TableField ledger, TableField unit) {
        return ledger.eq(unit);
    }
}
