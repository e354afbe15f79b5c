package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.select;
import static runbook.generated.engine.Tables.STAGE_READING;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record1;
import org.jooq.Record2;
import org.jooq.Select;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import runbook.engine.throttle.Errors;
import runbook.generated.engine.tables.records.StageReadingRecord;
import runbook.message.CheckVerdict;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Criterion;
import runbook.spi.Severity;
import runbook.spi.Stage;

/** Reads what a stage is watched by while it bakes, keeps it, and judges it by what was read since the switch. */
final class Readings {

    private final Target target;
    private final PhaseRequest request;
    private final Stage stage;

    Readings(Target target, PhaseRequest request, Stage stage) {
        this.target = target;
        this.request = request;
        this.stage = stage;
    }

    /** Where the counters stand at the switch, in its transaction. */
    static void begin(DSLContext tx, Run run, Stage stage) {
        stage.watching().criteria().forEach(criterion -> row(tx, run, stage, criterion)
                .store());
    }

    /**
     * One reading of each criterion. What is only shown decides nothing.
     *
     * @param once names the reading: one whose answer was lost is found, and not counted twice
     */
    PhaseReport take(String once, Pulse pulse) {
        List<CheckVerdict> verdicts = stage.watching().criteria().stream()
                .map(criterion -> {
                    pulse.beat(Map.of("stage", stage.name(), "reads", criterion.name()));
                    return take(criterion, once);
                })
                .toList();
        List<CheckVerdict> against = verdicts.stream()
                .filter(check ->
                        check.verdict() != Verdict.PASSED && check.severity().equals(Severity.BLOCKING.word()))
                .toList();
        Verdict worst = against.stream().anyMatch(check -> check.verdict() == Verdict.FAILED)
                ? Verdict.FAILED
                : against.isEmpty() ? Verdict.PASSED : Verdict.NOT_VERIFIED;
        return new PhaseReport(
                worst,
                stage.name() + ": " + (verdicts.size() - against.size()) + " of " + verdicts.size() + " criteria good",
                verdicts,
                Map.of(),
                against.stream().map(this::problem).toList());
    }

    private CheckVerdict take(Criterion criterion, String once) {
        Severity severity = criterion.dryRun() ? Severity.ADVISORY : Severity.BLOCKING;
        Judged judged;
        try {
            judged = target.inTransaction(tx -> {
                Runs.fence(tx, request.run());
                tx.execute("set local statement_timeout = '1min'");
                return judged(tx, criterion, once);
            });
        } catch (DataAccessException e) {
            Errors.passOn(e);
            long problem =
                    Problems.keep(target.dsl(), request.run(), request.phase().word(), criterion.name(), e);
            judged = new Judged(Verdict.NOT_VERIFIED, Problems.words(request.run(), e, problem));
        }
        return new CheckVerdict(criterion.name(), severity.word(), judged.verdict, 0, judged.note);
    }

    private record Judged(Verdict verdict, String note) {}

    private Judged judged(DSLContext tx, Criterion criterion, String once) {
        StageReadingRecord read = tx.fetchOne(
                STAGE_READING, STAGE_READING.ONCE.eq(once).and(STAGE_READING.CRITERION.eq(criterion.name())));
        StageReadingRecord now = read == null ? read(tx, criterion, once) : read;
        Double number = now.getNumber();
        Verdict verdict = verdict(number, criterion);
        if (number == null) {
            return new Judged(verdict, "nothing could be read");
        }
        String words = said(number) + "; good up to " + said(criterion.good()) + ", bad above " + said(criterion.bad());
        if (verdict != Verdict.FAILED) {
            return new Judged(verdict, words);
        }
        int failures = tx.fetchCount(STAGE_READING, sinceSwitch(criterion).and(STAGE_READING.VERDICT.eq("failed")));
        return new Judged(
                failures > criterion.failureLimit() ? Verdict.FAILED : Verdict.PASSED,
                words + "; bad " + failures + " times, " + criterion.failureLimit() + " are borne");
    }

    private StageReadingRecord read(DSLContext tx, Criterion criterion, String once) {
        StageReadingRecord now = row(tx, request.run(), stage, criterion);
        Double number = number(tx, criterion, now);
        now.setNumber(number);
        now.setVerdict(verdict(number, criterion).word());
        now.setOnce(once);
        now.store();
        return now;
    }

    private static Verdict verdict(@Nullable Double number, Criterion criterion) {
        return number == null || number > criterion.good() && number <= criterion.bad()
                ? Verdict.NOT_VERIFIED
                : number <= criterion.good() ? Verdict.PASSED : Verdict.FAILED;
    }

    private @Nullable Double number(DSLContext tx, Criterion criterion, StageReadingRecord now) {
        if (criterion.source() instanceof Criterion.Source.Query query) {
            Record1<? extends Number> row = tx.fetchOne(one(query.value()));
            Number number = row == null ? null : row.value1();
            return number == null ? null : number.doubleValue();
        }
        boolean rollbacks = criterion.source() instanceof Criterion.Source.Rollbacks;
        // Deadlocks count from the switch on, the share of roll-backs from the reading before.
        Record2<Long, Long> since = tx.select(STAGE_READING.PART, STAGE_READING.TOTAL)
                .from(STAGE_READING)
                .where(sinceSwitch(criterion))
                .orderBy(rollbacks ? STAGE_READING.ID.desc() : STAGE_READING.ID.asc())
                .limit(1)
                .fetchOne();
        if (since == null || now.getTotal() < since.value2() || now.getPart() < since.value1()) {
            return null;
        }
        long part = now.getPart() - since.value1();
        long total = now.getTotal() - since.value2();
        return rollbacks ? total == 0 ? 0 : 1000.0 * part / total : (double) part;
    }

    @SuppressWarnings("unchecked") // a query of one number is read by its place, whatever its kind
    private static Select<Record1<? extends Number>> one(Select<? extends Record1<? extends Number>> value) {
        return (Select<Record1<? extends Number>>) value;
    }

    private Condition sinceSwitch(Criterion criterion) {
        Condition same = STAGE_READING
                .RUN
                .eq(request.run().id())
                .and(STAGE_READING.STAGE.eq(stage.name()))
                .and(STAGE_READING.CRITERION.eq(criterion.name()));
        return same.and(STAGE_READING.ID.ge(
                select(max(STAGE_READING.ID)).from(STAGE_READING).where(same.and(STAGE_READING.VERDICT.isNull()))));
    }

    /** A row with the counters of now; for a query there are none. */
    private static StageReadingRecord row(DSLContext tx, Run run, Stage stage, Criterion criterion) {
        StageReadingRecord row = tx.newRecord(STAGE_READING);
        row.setRun(run.id());
        row.setStage(stage.name());
        row.setCriterion(criterion.name());
        if (!(criterion.source() instanceof Criterion.Source.Query)) {
            boolean deadlocks = criterion.source() instanceof Criterion.Source.Deadlocks;
            tx.select(
                            field(deadlocks ? "deadlocks" : "xact_rollback", Long.class),
                            field("xact_commit + xact_rollback", Long.class))
                    .from("pg_catalog.pg_stat_database")
                    .where("datname = current_database()")
                    .fetchOptional()
                    .ifPresent(counted -> {
                        row.setPart(counted.value1());
                        row.setTotal(counted.value2());
                    });
        }
        return row;
    }

    private String problem(CheckVerdict check) {
        return request.run().migration() + ": " + request.phase().word() + ": stage '" + stage.name() + "': "
                + check.name() + ": " + check.note()
                + (check.verdict() == Verdict.FAILED
                        ? ". Find out why, then send the signal " + request.signals() + "."
                        : ". Nobody can say whether that is good: a person decides, 'advance' or 'rollback'.");
    }

    private static String said(double number) {
        return number == Math.rint(number)
                ? String.format(Locale.ROOT, "%.0f", number)
                : String.format(Locale.ROOT, "%.1f", number);
    }
}
