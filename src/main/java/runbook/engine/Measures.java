package runbook.engine;

import static org.jooq.impl.DSL.max;
import static runbook.generated.engine.Tables.MEASURE;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import runbook.message.PhaseRequest;
import runbook.message.Run;

/** Numbers taken in a proof, kept by phase and attempt. */
final class Measures {

    private Measures() {}

    static void keep(Target target, PhaseRequest request, Map<String, Number> values) {
        target.inTransaction(tx -> {
            Runs.fence(tx, request.run());
            values.forEach((name, value) -> keep(tx, request, name, value));
            return values;
        });
    }

    private static void keep(DSLContext tx, PhaseRequest request, String name, @Nullable Number value) {
        BigDecimal number = value == null ? null : new BigDecimal(value.toString());
        tx.insertInto(MEASURE)
                .set(MEASURE.RUN, request.run().id())
                .set(MEASURE.PHASE, request.phase().word())
                .set(MEASURE.ATTEMPT, request.attemptOfRun())
                .set(MEASURE.NAME, name)
                .set(MEASURE.VALUE, number)
                .onConflict(MEASURE.RUN, MEASURE.PHASE, MEASURE.ATTEMPT, MEASURE.NAME)
                .doUpdate()
                .set(MEASURE.VALUE, number)
                .execute();
    }

    /** The measures of one phase attempt, by name. */
    static Map<String, Long> of(Target target, PhaseRequest request) {
        return of(target.dsl(), request.run(), request.phase().word(), request.attemptOfRun());
    }

    /** Those of a phase's newest attempt that took any. */
    static Map<String, Long> newest(DSLContext dsl, Run run, String phase) {
        Integer attempt = dsl.select(max(MEASURE.ATTEMPT))
                .from(MEASURE)
                .where(MEASURE.RUN.eq(run.id()))
                .and(MEASURE.PHASE.eq(phase))
                .fetchSingle()
                .value1();
        return attempt == null ? Map.of() : of(dsl, run, phase, attempt);
    }

    private static Map<String, Long> of(DSLContext dsl, Run run, String phase, int attempt) {
        Map<String, Long> values = new LinkedHashMap<>();
        dsl.selectFrom(MEASURE)
                .where(MEASURE.RUN.eq(run.id()))
                .and(MEASURE.PHASE.eq(phase))
                .and(MEASURE.ATTEMPT.eq(attempt))
                .orderBy(MEASURE.AT)
                .forEach(row -> values.put(
                        row.getName(),
                        row.getValue() == null ? 0 : row.getValue().longValue()));
        return values;
    }
}
