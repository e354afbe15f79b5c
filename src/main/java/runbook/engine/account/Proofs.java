package runbook.engine.account;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;
import static runbook.generated.engine.Tables.CHECK_RESULT;
import static runbook.generated.engine.Tables.FOREIGN_WRITE;
import static runbook.generated.engine.Tables.MEASURE;
import static runbook.generated.engine.Tables.PROBLEM;
import static runbook.generated.engine.Tables.QUARANTINE;
import static runbook.generated.engine.Tables.VIOLATION;

import java.util.List;
import java.util.Objects;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import runbook.engine.account.Account.CheckLine;
import runbook.engine.account.Account.DifferenceLine;
import runbook.engine.account.Account.ForeignLine;
import runbook.engine.account.Account.MeasureLine;
import runbook.engine.account.Account.ProblemLine;
import runbook.engine.account.Account.QuarantineLine;
import runbook.engine.account.Account.QuarantineRow;
import runbook.engine.account.Account.ViolationLine;
import runbook.engine.account.Account.ViolationRow;

/** What was found in a run. Without leave to reveal, no statement here selects a key, a row or an error text. */
final class Proofs {

    private static final Field<String[]> DIFFERS = field(
            "case {0} when 'old' then array['missing in the new shape'] when 'new' then array['only in the new shape']"
                    + " else {1} end",
            String[].class, VIOLATION.ONLY_IN, VIOLATION.COLUMNS);

    private final DSLContext tx;
    private final long run;
    private final boolean reveal;

    Proofs(DSLContext tx, long run, boolean reveal) {
        this.tx = tx;
        this.run = run;
        this.reveal = reveal;
    }

    List<CheckLine> checks() {
        var newer = CHECK_RESULT.as("newer");
        return tx.selectFrom(CHECK_RESULT)
                .where(CHECK_RESULT.RUN.eq(run))
                .and(CHECK_RESULT.ATTEMPT.eq(select(max(newer.ATTEMPT))
                        .from(newer)
                        .where(newer.RUN.eq(CHECK_RESULT.RUN))
                        .and(newer.PHASE.eq(CHECK_RESULT.PHASE))
                        .and(newer.NAME.eq(CHECK_RESULT.NAME))))
                .orderBy(CHECK_RESULT.CHECKED_AT, CHECK_RESULT.NAME)
                .fetch(found -> new CheckLine(
                        found.getPhase(),
                        found.getAttempt(),
                        found.getName(),
                        found.getSeverity(),
                        found.getVerdict(),
                        Objects.requireNonNullElse(found.getFound(), 0L),
                        Objects.requireNonNullElse(found.getNote(), ""),
                        found.getMillis(),
                        found.getCheckedAt().toInstant(),
                        found.getAsOf().toInstant()));
    }

    List<MeasureLine> measures() {
        var newer = MEASURE.as("newer");
        return tx.selectFrom(MEASURE)
                .where(MEASURE.RUN.eq(run))
                .and(row(MEASURE.PHASE, MEASURE.ATTEMPT)
                        .in(select(newer.PHASE, max(newer.ATTEMPT))
                                .from(newer)
                                .where(newer.RUN.eq(run))
                                .groupBy(newer.PHASE)))
                .orderBy(MEASURE.AT, MEASURE.NAME)
                .fetch(found -> new MeasureLine(
                        found.getPhase(),
                        found.getName(),
                        found.getValue(),
                        found.getAt().toInstant()));
    }

    List<ViolationLine> violations() {
        return tx.select(
                        VIOLATION.CHECK_NAME,
                        count().filterWhere(VIOLATION.HEALED_AT.isNull()),
                        count(VIOLATION.HEALED_AT))
                .from(VIOLATION)
                .where(VIOLATION.RUN.eq(run))
                .groupBy(VIOLATION.CHECK_NAME)
                .orderBy(VIOLATION.CHECK_NAME)
                .fetch(found -> new ViolationLine(
                        found.value1(),
                        found.value2(),
                        found.value3(),
                        differences(found.value1()),
                        counterExamples(found.value1())));
    }

    private List<DifferenceLine> differences(String check) {
        var each = select(field("unnest({0})", String.class, DIFFERS).as("what"))
                .from(VIOLATION)
                .where(open(check))
                .asTable("each", "what");
        Field<String> what = field(name("each", "what"), String.class);
        return tx.select(what, count())
                .from(each)
                .groupBy(what)
                .orderBy(count().desc(), what)
                .fetch(found -> new DifferenceLine(found.value1(), found.value2()));
    }

    private Condition open(String check) {
        return VIOLATION.RUN.eq(run).and(VIOLATION.CHECK_NAME.eq(check)).and(VIOLATION.HEALED_AT.isNull());
    }

    private List<ViolationRow> counterExamples(String check) {
        if (!reveal) {
            return List.of();
        }
        return tx.select(VIOLATION.KEY, DIFFERS, VIOLATION.ROW, VIOLATION.SEEN_AT)
                .from(VIOLATION)
                .where(open(check))
                .orderBy(VIOLATION.ID)
                .limit(Accounts.SHOWN)
                .fetch(found -> new ViolationRow(
                        found.value1().data(),
                        found.value2() == null ? "" : String.join(", ", found.value2()),
                        found.value3().data(),
                        found.value4().toInstant()));
    }

    List<QuarantineLine> quarantine() {
        return tx.select(
                        QUARANTINE.BACKFILL,
                        count().filterWhere(QUARANTINE.RELEASED_AT.isNull()),
                        count(QUARANTINE.RELEASED_AT))
                .from(QUARANTINE)
                .where(QUARANTINE.RUN.eq(run))
                .groupBy(QUARANTINE.BACKFILL)
                .orderBy(QUARANTINE.BACKFILL)
                .fetch(found ->
                        new QuarantineLine(found.value1(), found.value2(), found.value3(), held(found.value1())));
    }

    private List<QuarantineRow> held(String backfill) {
        if (!reveal) {
            return List.of();
        }
        return tx.select(QUARANTINE.KEY, QUARANTINE.PROBLEM, QUARANTINE.AT)
                .from(QUARANTINE)
                .where(QUARANTINE.RUN.eq(run))
                .and(QUARANTINE.BACKFILL.eq(backfill))
                .and(QUARANTINE.RELEASED_AT.isNull())
                .orderBy(QUARANTINE.AT)
                .limit(Accounts.SHOWN)
                .fetch(found -> new QuarantineRow(
                        found.value1().data(), found.value2(), found.value3().toInstant()));
    }

    /** Sessions that wrote at the same time have a line each; they are one here. */
    List<ForeignLine> foreignWrites() {
        var writer = List.of(
                FOREIGN_WRITE.RELATION,
                FOREIGN_WRITE.ROLE,
                FOREIGN_WRITE.ACTING_AS,
                FOREIGN_WRITE.APPLICATION,
                FOREIGN_WRITE.STATEMENT);
        Field<String> keys = reveal
                ? field("string_agg({0}::text, ' ' order by {1})", String.class, FOREIGN_WRITE.KEYS, FOREIGN_WRITE.ID)
                : inline(null, String.class);
        return tx.select(writer)
                .select(
                        sum(FOREIGN_WRITE.STATEMENTS),
                        sum(FOREIGN_WRITE.ROWS),
                        min(FOREIGN_WRITE.FIRST_AT),
                        max(FOREIGN_WRITE.LAST_AT),
                        keys)
                .from(FOREIGN_WRITE)
                .where(FOREIGN_WRITE.RUN.eq(run))
                .groupBy(writer)
                .orderBy(min(FOREIGN_WRITE.FIRST_AT))
                .limit(Accounts.SHOWN)
                .fetch(row -> new ForeignLine(
                        row.get(FOREIGN_WRITE.RELATION),
                        row.get(FOREIGN_WRITE.ROLE),
                        row.get(FOREIGN_WRITE.ACTING_AS),
                        row.get(FOREIGN_WRITE.APPLICATION),
                        row.get(FOREIGN_WRITE.STATEMENT),
                        row.get(5, Long.class),
                        row.get(6, Long.class),
                        row.get(min(FOREIGN_WRITE.FIRST_AT)).toInstant(),
                        row.get(max(FOREIGN_WRITE.LAST_AT)).toInstant(),
                        row.get(keys)));
    }

    List<ProblemLine> problems() {
        return tx.select(PROBLEM.ID, PROBLEM.PHASE, PROBLEM.SQLSTATE, PROBLEM.OBJECT, PROBLEM.AT)
                .from(PROBLEM)
                .where(PROBLEM.RUN.eq(run))
                .orderBy(PROBLEM.ID.desc())
                .limit(Accounts.SHOWN)
                .fetch(found -> new ProblemLine(
                        found.value1(),
                        found.value2(),
                        Objects.requireNonNullElse(found.value3(), ""),
                        Objects.requireNonNullElse(found.value4(), ""),
                        found.value5().toInstant(),
                        reveal ? text(found.value1()) : null));
    }

    private String text(long problem) {
        return tx.select(PROBLEM.TEXT)
                .from(PROBLEM)
                .where(PROBLEM.ID.eq(problem))
                .fetchSingle()
                .value1();
    }
}
