package runbook.engine;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.val;
import static runbook.generated.engine.Tables.CHECK_RESULT;
import static runbook.generated.engine.Tables.PHASE;
import static runbook.generated.engine.Tables.VIOLATION;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import runbook.message.CheckVerdict;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Key;
import runbook.spi.Migration;
import runbook.spi.Severity;

/** Keeps what a proof found: one row per check and attempt, and the keys of its counter-examples. */
final class Results {

    /** Enough to see the pattern and to repair in rounds; the exact number is counted apart. */
    static final int KEPT = 10_000;

    private final Target target;
    private final PhaseRequest request;

    Results(Target target, PhaseRequest request) {
        this.target = target;
        this.request = request;
    }

    /** The run whose results these are. */
    Run of() {
        return request.run();
    }

    /** Counter-examples of one check: how many, and the first of them. */
    record Found(long count, Key key, Result<? extends Record> examples) {}

    /**
     * What a check found out, before it is kept.
     *
     * @param count how many counter-examples there are
     * @param found those that are to be kept; null when there are none, or they were kept already
     * @param asOf when its oldest part began, where that was before the look did
     */
    record Look(
            Verdict verdict,
            String note,
            long count,
            @Nullable Found found,
            @Nullable OffsetDateTime asOf) {

        Look(Verdict verdict, String note, @Nullable Found found) {
            this(verdict, note, found == null ? 0 : found.count(), found);
        }

        Look(Verdict verdict, String note, long count, @Nullable Found found) {
            this(verdict, note, count, found, null);
        }
    }

    /**
     * Runs a check at one snapshot and keeps what it found; an error makes it not verified, unless the
     * server is away: then the work is tried again.
     *
     * @param look gives the counter-examples, or a note with a verdict
     */
    CheckVerdict run(String name, Severity severity, Function<DSLContext, Look> look) {
        return run(name, severity, () -> atOneSnapshot(look));
    }

    /** The same for a look that takes its snapshots itself. */
    CheckVerdict run(String name, Severity severity, Supplier<Look> look) {
        long began = System.nanoTime();
        Look seen;
        try {
            seen = look.get();
        } catch (org.jooq.exception.DataAccessException e) {
            if (Sql.away(e)) {
                throw e;
            }
            long problem =
                    Problems.keep(target.dsl(), request.run(), request.phase().word(), name, e);
            seen = new Look(Verdict.NOT_VERIFIED, Problems.words(request.run(), e, problem), null);
        }
        long millis = (System.nanoTime() - began) / 1_000_000;
        CheckVerdict verdict = new CheckVerdict(name, severity.word(), seen.verdict(), seen.count(), seen.note());
        write(verdict, seen, millis);
        return verdict;
    }

    /** The verdicts of this attempt so far. */
    List<CheckVerdict> kept() {
        return target.dsl()
                .selectFrom(CHECK_RESULT)
                .where(CHECK_RESULT.RUN.eq(request.run().id()))
                .and(CHECK_RESULT.PHASE.eq(request.phase().word()))
                .and(CHECK_RESULT.ATTEMPT.eq(request.attemptOfRun()))
                .orderBy(CHECK_RESULT.CHECKED_AT)
                .fetch(row -> new CheckVerdict(
                        row.getName(),
                        row.getSeverity(),
                        Verdict.valueOf(row.getVerdict().toUpperCase(Locale.ROOT)),
                        Objects.requireNonNullElse(row.getFound(), 0L),
                        Objects.requireNonNullElse(row.getNote(), "")));
    }

    private Look atOneSnapshot(Function<DSLContext, Look> look) {
        return target.inTransaction(tx -> {
            tx.execute("set transaction isolation level repeatable read");
            tx.execute("set local statement_timeout = '30min'");
            return look.apply(tx);
        });
    }

    /** Apart from the look, which may take long: its fence would keep a new owner waiting. */
    private void write(CheckVerdict verdict, Look seen, long millis) {
        target.inTransaction(tx -> {
            Runs.fence(tx, request.run());
            if (seen.found() != null) {
                keep(tx, verdict.name(), seen.found());
            }
            write(tx, verdict, seen.asOf(), millis);
            return verdict;
        });
    }

    private void keep(DSLContext tx, String name, Found found) {
        Run run = request.run();
        List<JSONB> keys = found.examples().map(row -> Sql.json(Sql.keyOf(found.key(), row)));
        // Where not every key was kept, one that is absent may only be beyond the limit.
        boolean all = found.count() <= keys.size();
        tx.update(VIOLATION)
                .set(VIOLATION.HEALED_AT, currentOffsetDateTime())
                .where(VIOLATION.RUN.eq(run.id()))
                .and(VIOLATION.CHECK_NAME.eq(name))
                .and(VIOLATION.HEALED_AT.isNull())
                .and(all ? VIOLATION.KEY.notIn(keys) : org.jooq.impl.DSL.falseCondition())
                .execute();
        var known = new java.util.HashSet<>(tx.select(VIOLATION.KEY)
                .from(VIOLATION)
                .where(VIOLATION.RUN.eq(run.id()))
                .and(VIOLATION.CHECK_NAME.eq(name))
                .and(VIOLATION.HEALED_AT.isNull())
                .fetch(VIOLATION.KEY));
        for (int i = 0; i < keys.size(); i++) {
            if (known.add(keys.get(i))) {
                tx.insertInto(VIOLATION)
                        .set(VIOLATION.RUN, run.id())
                        .set(VIOLATION.PHASE, request.phase().word())
                        .set(VIOLATION.CHECK_NAME, name)
                        .set(VIOLATION.KEY, keys.get(i))
                        .set(
                                VIOLATION.ROW,
                                JSONB.valueOf(found.examples().get(i).formatJSON(ROW_ONLY)))
                        .execute();
            }
        }
    }

    private static final org.jooq.JSONFormat ROW_ONLY =
            new org.jooq.JSONFormat().header(false).recordFormat(org.jooq.JSONFormat.RecordFormat.OBJECT);

    private void write(DSLContext tx, CheckVerdict verdict, @Nullable OffsetDateTime oldest, long millis) {
        Field<OffsetDateTime> asOf = field(
                "least({0}, clock_timestamp() - {1} * interval '1 millisecond')",
                OffsetDateTime.class, val(oldest, SQLDataType.TIMESTAMPWITHTIMEZONE), val(millis));
        tx.insertInto(CHECK_RESULT)
                .set(CHECK_RESULT.RUN, request.run().id())
                .set(CHECK_RESULT.PHASE, request.phase().word())
                .set(CHECK_RESULT.ATTEMPT, request.attemptOfRun())
                .set(CHECK_RESULT.NAME, verdict.name())
                .set(CHECK_RESULT.SEVERITY, verdict.severity())
                .set(CHECK_RESULT.VERDICT, verdict.verdict().word())
                .set(CHECK_RESULT.FOUND, verdict.found())
                .set(CHECK_RESULT.NOTE, verdict.note())
                .set(CHECK_RESULT.MILLIS, millis)
                .set(CHECK_RESULT.AS_OF, asOf)
                .onConflict(CHECK_RESULT.RUN, CHECK_RESULT.PHASE, CHECK_RESULT.ATTEMPT, CHECK_RESULT.NAME)
                .doUpdate()
                .set(CHECK_RESULT.VERDICT, verdict.verdict().word())
                .set(CHECK_RESULT.FOUND, verdict.found())
                .set(CHECK_RESULT.NOTE, verdict.note())
                .set(CHECK_RESULT.MILLIS, millis)
                .set(CHECK_RESULT.CHECKED_AT, currentOffsetDateTime())
                .set(CHECK_RESULT.AS_OF, asOf)
                .execute();
    }

    /** Keeps the beginning of a phase attempt. */
    static void begin(Target target, PhaseRequest request) {
        target.inTransaction(tx -> {
            Runs.fence(tx, request.run());
            return tx.insertInto(PHASE)
                    .set(PHASE.RUN, request.run().id())
                    .set(PHASE.PHASE_, request.phase().word())
                    .set(PHASE.ATTEMPT, request.attemptOfRun())
                    .onConflictDoNothing()
                    .execute();
        });
    }

    /** Keeps how a phase attempt ended. */
    static PhaseReport end(Target target, PhaseRequest request, PhaseReport report) {
        return target.inTransaction(tx -> {
            Runs.fence(tx, request.run());
            tx.update(PHASE)
                    .set(PHASE.VERDICT, report.verdict().word())
                    .set(PHASE.SUMMARY, report.summary())
                    .set(PHASE.FACTS, JSONB.valueOf(Json.write(report.counts())))
                    .set(PHASE.ENDED_AT, currentOffsetDateTime())
                    .where(PHASE.RUN.eq(request.run().id()))
                    .and(PHASE.PHASE_.eq(request.phase().word()))
                    .and(PHASE.ATTEMPT.eq(request.attemptOfRun()))
                    .execute();
            return report;
        });
    }

    /** The report of a phase that consists of checks: failed blocking ones are problems with the next command. */
    static PhaseReport report(
            PhaseRequest request, Migration migration, List<CheckVerdict> checks, Map<String, Long> counts) {
        long passed = checks.stream().filter(c -> c.verdict() == Verdict.PASSED).count();
        Map<String, Offer> offers = Offer.of(migration);
        List<String> problems = checks.stream()
                .filter(c -> c.severity().equals("blocking") && c.verdict() != Verdict.PASSED)
                .map(c -> migration.name() + ": " + request.phase().word() + ": \"" + c.name() + "\": "
                        + cure(request, c, offers.get(c.name())))
                .toList();
        boolean failed =
                checks.stream().anyMatch(c -> c.severity().equals("blocking") && c.verdict() == Verdict.FAILED);
        Verdict verdict = problems.isEmpty() ? Verdict.PASSED : failed ? Verdict.FAILED : Verdict.NOT_VERIFIED;
        long advisories = checks.stream()
                .filter(c -> c.severity().equals("advisory") && c.verdict() != Verdict.PASSED)
                .count();
        String summary = passed + " checks passed" + (problems.isEmpty() ? "" : ", " + problems.size() + " did not")
                + (advisories == 0 ? "" : ", " + advisories + " advisory");
        List<CheckVerdict> offered = checks.stream()
                .map(c -> c.found() > 0 && offers.containsKey(c.name())
                        ? c.offering(offers.get(c.name()).names())
                        : c)
                .toList();
        return new PhaseReport(verdict, summary, offered, counts, problems);
    }

    private static String cure(PhaseRequest request, CheckVerdict check, @Nullable Offer offer) {
        Run run = request.run();
        String signals = request.signals() + ".";
        if (check.name().equals(CheckVerdict.SWITCHES) && check.verdict() == Verdict.FAILED) {
            return check.note() + ". Then send the signal "
                    + signals.replace("'retry'", "'retry', which proves anew and switches again");
        }
        if (check.verdict() == Verdict.NOT_VERIFIED) {
            return "not verified: " + check.note() + ". Remove the cause, then send the signal " + signals;
        }
        if (check.found() == 0) {
            return check.note() + ". Correct it, then send the signal " + signals;
        }
        return check.found() + (check.found() == 1 ? " counter-example" : " counter-examples")
                + (check.note().isEmpty() ? "" : ", " + check.note()) + ". See "
                + (check.found() == 1 ? "it" : "them") + ": ./runbook report " + run.migration()
                + " --target " + run.target()
                + " --reveal. Correct the rows" + (offer == null ? "" : repairs(offer))
                + ", then send the signal " + signals;
    }

    private static String repairs(Offer offer) {
        return ", or send 'repair' with this check and \"" + String.join("\" or \"", offer.names())
                + "\", dry at first";
    }
}
