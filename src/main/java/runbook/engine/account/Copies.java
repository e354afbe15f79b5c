package runbook.engine.account;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.sum;
import static runbook.generated.engine.Tables.RANGE;
import static runbook.generated.engine.Tables.SKIP;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import runbook.engine.account.Account.BackfillLine;

/** The backfills of a run, summed up over their ranges. */
final class Copies {

    /** A rate of less than this much copying is noise. */
    private static final long MEASURED_MILLIS = 200;

    private final DSLContext tx;
    private final long run;

    Copies(DSLContext tx, long run) {
        this.tx = tx;
        this.run = run;
    }

    List<BackfillLine> lines() {
        return tx.select(
                        RANGE.BACKFILL,
                        count(),
                        count(RANGE.FINISHED_AT),
                        sum(RANGE.BATCHES),
                        sum(RANGE.SCANNED),
                        sum(RANGE.COPIED),
                        sum(RANGE.SKIPPED),
                        sum(RANGE.QUARANTINED),
                        sum(RANGE.ROWS_WRITTEN),
                        sum(RANGE.BUSY_MILLIS))
                .from(RANGE)
                .where(RANGE.RUN.eq(run))
                .groupBy(RANGE.BACKFILL)
                .orderBy(min(RANGE.CHANGED_AT))
                .fetch(row -> {
                    long scanned = whole(row.value5());
                    long busy = whole(row.value10());
                    return new BackfillLine(
                            row.value1(),
                            row.value2(),
                            row.value3(),
                            whole(row.value4()),
                            scanned,
                            whole(row.value6()),
                            whole(row.value7()),
                            whole(row.value8()),
                            whole(row.value9()),
                            busy < MEASURED_MILLIS ? 0 : scanned * 1_000 / busy,
                            skips(row.value1()));
                });
    }

    private Map<String, Long> skips(String backfill) {
        Map<String, Long> skips = new LinkedHashMap<>();
        tx.select(SKIP.REASON, sum(SKIP.UNITS))
                .from(SKIP)
                .where(SKIP.RUN.eq(run))
                .and(SKIP.BACKFILL.eq(backfill))
                .groupBy(SKIP.REASON)
                .orderBy(sum(SKIP.UNITS).desc(), SKIP.REASON)
                .forEach(row -> skips.put(row.value1(), whole(row.value2())));
        return skips;
    }

    private static long whole(@Nullable BigDecimal sum) {
        return sum == null ? 0 : sum.longValueExact();
    }
}
