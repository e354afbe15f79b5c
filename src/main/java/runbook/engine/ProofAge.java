package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.select;
import static runbook.generated.engine.Tables.CHECK_RESULT;
import static runbook.generated.engine.Tables.PHASE;

import java.time.OffsetDateTime;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import runbook.message.Run;

/** How old the newest validation is: as old as the oldest look that one of its verdicts rests on. */
record ProofAge(int attempt, long seconds) {

    private static final Field<OffsetDateTime> OLDEST = field(select(min(CHECK_RESULT.AS_OF))
            .from(CHECK_RESULT)
            .where(CHECK_RESULT.RUN.eq(PHASE.RUN))
            .and(CHECK_RESULT.PHASE.eq(PHASE.PHASE_))
            .and(CHECK_RESULT.ATTEMPT.eq(PHASE.ATTEMPT)));

    /** Of those that ended; what a former owner found counts no more. */
    static Optional<ProofAge> newest(DSLContext dsl, Run run) {
        return dsl.select(
                        PHASE.ATTEMPT,
                        field(
                                "extract(epoch from clock_timestamp() - least({0}, {1}))::bigint",
                                Long.class, PHASE.ENDED_AT, OLDEST))
                .from(PHASE)
                .where(PHASE.RUN.eq(run.id()))
                .and(PHASE.PHASE_.eq("validation"))
                .and(PHASE.ATTEMPT.gt(run.formerAttempts()))
                .and(PHASE.ENDED_AT.isNotNull())
                .orderBy(PHASE.ATTEMPT.desc())
                .limit(1)
                .fetchOptional(row -> new ProofAge(row.value1(), row.value2()));
    }
}
