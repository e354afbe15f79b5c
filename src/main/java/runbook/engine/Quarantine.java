package runbook.engine;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;
import static runbook.generated.engine.Tables.QUARANTINE;
import static runbook.generated.engine.Tables.RANGE;

import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.Run;
import runbook.spi.Backfill;

/** Rows that the database refused, each with its reason, until somebody has corrected them and asks for another try. */
final class Quarantine {

    private Quarantine() {}

    /** Keeps a row's key and what the database said; a row that was released before is back. */
    static void keep(DSLContext tx, Run run, RangeRecord range, List<String> key, Throwable error) {
        long problem = Problems.keep(tx, run, "backfill", range.getBackfill(), error);
        tx.insertInto(QUARANTINE)
                .set(QUARANTINE.RUN, run.id())
                .set(QUARANTINE.BACKFILL, range.getBackfill())
                .set(QUARANTINE.NUMBER, range.getNumber())
                .set(QUARANTINE.KEY, Sql.json(key))
                .set(QUARANTINE.PROBLEM, problem)
                .onConflict(QUARANTINE.RUN, QUARANTINE.BACKFILL, QUARANTINE.KEY)
                .doUpdate()
                .set(QUARANTINE.PROBLEM, problem)
                .set(QUARANTINE.AT, currentOffsetDateTime())
                .setNull(QUARANTINE.RELEASED_AT)
                .execute();
    }

    /** How many rows are in it. */
    static long held(DSLContext tx, Run run) {
        return tx.fetchCount(QUARANTINE, QUARANTINE.RUN.eq(run.id()).and(QUARANTINE.RELEASED_AT.isNull()));
    }

    /** How many rows of one backfill are in it. */
    static long held(DSLContext dsl, Run run, Backfill backfill) {
        return dsl.fetchCount(
                QUARANTINE,
                QUARANTINE
                        .RUN
                        .eq(run.id())
                        .and(QUARANTINE.BACKFILL.eq(backfill.name()))
                        .and(QUARANTINE.RELEASED_AT.isNull()));
    }

    /** Whether the unit of the source row is not in it. */
    static Condition free(Run run, Backfill backfill) {
        Field<JSONB> key = DSL.function(
                "jsonb_build_array", JSONB.class, Sql.texts(backfill.unit()).toArray(Field[]::new));
        return notExists(selectOne()
                .from(QUARANTINE)
                .where(QUARANTINE.RUN.eq(run.id()))
                .and(QUARANTINE.BACKFILL.eq(backfill.name()))
                .and(QUARANTINE.KEY.eq(key))
                .and(QUARANTINE.RELEASED_AT.isNull()));
    }

    /** Lets all rows of a backfill out, to be looked at as if nobody had seen them. */
    static void release(DSLContext tx, Run run, Backfill backfill) {
        tx.update(QUARANTINE)
                .set(QUARANTINE.RELEASED_AT, currentOffsetDateTime())
                .where(QUARANTINE.RUN.eq(run.id()))
                .and(QUARANTINE.BACKFILL.eq(backfill.name()))
                .and(QUARANTINE.RELEASED_AT.isNull())
                .returning(QUARANTINE.NUMBER)
                .fetchGroups(QUARANTINE.NUMBER)
                .forEach((number, rows) -> tx.update(RANGE)
                        .set(RANGE.SCANNED, RANGE.SCANNED.minus(val((long) rows.size())))
                        .set(RANGE.QUARANTINED, RANGE.QUARANTINED.minus(val((long) rows.size())))
                        .setNull(RANGE.FINISHED_AT)
                        .set(RANGE.LEFT_OVER, true)
                        .where(RANGE.RUN.eq(run.id()))
                        .and(RANGE.BACKFILL.eq(backfill.name()))
                        .and(RANGE.NUMBER.eq(number))
                        .execute());
    }
}
