package runbook.engine;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.sum;
import static runbook.generated.engine.Tables.CHUNK;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import runbook.message.Verdict;

/**
 * All chunks of a look together.
 *
 * @param oldest when the first of them was looked at
 */
record LookTotal(
        long chunks,
        long oldRows,
        long newRows,
        long found,
        long healed,
        long failed,
        long notVerified,
        boolean whole,
        @Nullable String note,
        @Nullable OffsetDateTime oldest) {

    /** Its verdict was kept right after the look. */
    private static final Field<OffsetDateTime> BEGAN =
            field("{0} - {1} * interval '1 millisecond'", OffsetDateTime.class, CHUNK.CHANGED_AT, CHUNK.MILLIS);

    static LookTotal of(DSLContext tx, Condition chunks) {
        Field<Boolean> whole = field(
                "coalesce(bool_and({0} is not null) and bool_or({1} is null), false)",
                Boolean.class, CHUNK.VERDICT, CHUNK.UPTO_KEY);
        Condition notVerified = is(Verdict.NOT_VERIFIED);
        return tx.select(
                        count(),
                        sum(CHUNK.OLD_ROWS),
                        sum(CHUNK.NEW_ROWS),
                        sum(CHUNK.FOUND),
                        sum(CHUNK.HEALED),
                        count().filterWhere(is(Verdict.FAILED)),
                        count().filterWhere(notVerified),
                        whole,
                        min(CHUNK.NOTE).filterWhere(notVerified),
                        min(BEGAN).filterWhere(CHUNK.VERDICT.isNotNull()))
                .from(CHUNK)
                .where(chunks)
                .fetchSingle(row -> new LookTotal(
                        row.value1(),
                        number(row.value2()),
                        number(row.value3()),
                        number(row.value4()),
                        number(row.value5()),
                        row.value6(),
                        row.value7(),
                        row.value8(),
                        row.value9(),
                        row.value10()));
    }

    /** Only what was looked at to its end, and everything in it, can have passed. */
    Verdict verdict() {
        return failed > 0 ? Verdict.FAILED : notVerified > 0 || !whole ? Verdict.NOT_VERIFIED : Verdict.PASSED;
    }

    String words() {
        StringBuilder words = new StringBuilder()
                .append(oldRows)
                .append(" rows against ")
                .append(newRows)
                .append(" in ")
                .append(chunks)
                .append(chunks == 1 ? " chunk" : " chunks");
        if (healed > 0) {
            words.append(", ")
                    .append(healed)
                    .append(healed == 1 ? " key" : " keys")
                    .append(" differed at first and had healed by the next look");
        }
        if (notVerified > 0) {
            words.append(", ")
                    .append(notVerified)
                    .append(" of them not verified: ")
                    .append(note);
        }
        if (!whole) {
            words.append(", the rest was left out");
        }
        return words.toString();
    }

    private static Condition is(Verdict verdict) {
        return CHUNK.VERDICT.eq(verdict.word());
    }

    private static long number(@Nullable BigDecimal sum) {
        return Objects.requireNonNullElse(sum, BigDecimal.ZERO).longValue();
    }
}
