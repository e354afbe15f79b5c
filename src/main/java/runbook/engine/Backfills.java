package runbook.engine;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.sum;
import static runbook.generated.engine.Tables.CONTROL;
import static runbook.generated.engine.Tables.RANGE;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Query;
import org.jooq.impl.DSL;
import runbook.engine.throttle.Throttle;
import runbook.engine.throttle.Throttlings;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Progress;
import runbook.message.Run;
import runbook.message.SlotProgress;
import runbook.message.StatusBackfill;
import runbook.message.Tuning;
import runbook.message.Verdict;
import runbook.spi.Backfill;
import runbook.spi.Migration;

/** The backfills of a run before, while and after they copy. */
public final class Backfills {

    /** A history has no event for a range, so this only bounds what a person may want to read. */
    static final int MOST_RANGES = 1_000;

    private Backfills() {}

    /** Freshens statistics where there are none, then cuts the ranges of every backfill, or finds them. */
    public static void open(Target target, PhaseRequest request, Migration migration) {
        Results.begin(target, request);
        String definition = Plan.definition(migration);
        ready(target, request, migration);
        for (Backfill backfill : migration.backfills()) {
            if (Volume.stale(target.dsl(), backfill.unit().table())) {
                target.unhurried(analyze(backfill));
            }
            if (request.acceptDefinition()) {
                Ranges.accept(target, request.run(), definition);
            }
            Ranges.open(target, request.run(), backfill, definition, MOST_RANGES);
        }
    }

    /** Before the copy, where the statistics of its source are missing or stale. */
    static Query analyze(Backfill backfill) {
        return DSL.query("analyze {0}", backfill.unit().table());
    }

    /** After the copy: what it filled has no statistics yet, and no map of what everybody sees. */
    static Query vacuum(Backfill backfill) {
        return DSL.query("vacuum (analyze) {0}", backfill.target());
    }

    private static void ready(Target target, PhaseRequest request, Migration migration) {
        List<String> problems = new ArrayList<>(Readiness.unbounded(migration));
        for (Backfill backfill : migration.backfills()) {
            List<String> absent = Readiness.absent(target.dsl(), backfill);
            problems.addAll(absent.isEmpty() ? Readiness.unordered(target.dsl(), backfill) : absent);
        }
        problems.addAll(Comparability.soFar(target.dsl(), migration));
        if (!problems.isEmpty()) {
            throw new RunbookException.Parked(migration.name() + ": backfill: "
                    + problems.size() + (problems.size() == 1 ? " problem" : " problems") + ":\n- "
                    + String.join("\n- ", problems)
                    + "\nNothing was copied. Correct that, then send the signal " + request.signals() + ".");
        }
    }

    /** Builds what the copy did not need, in its window and not above a limit, then refreshes the statistics. */
    public static PhaseReport finish(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        Run run = request.run();
        PhaseReport counted = count(target, run, migration);
        if (counted.verdict() == Verdict.PASSED) {
            for (Backfill backfill : migration.backfills()) {
                String where = run.migration() + ": backfill '" + backfill.name() + "'";
                Budget.of(request.start()).checkShare(Budget.spent(target.dsl(), run, backfill), run, where);
            }
            awaitQuiet(target, request, migration, pulse);
            Fingerprints.before(target, run, migration, "constraints");
            Scripts.apply(target, run, "constraints", pulse);
            Fingerprints.after(target, run, migration, "constraints");
            for (Backfill backfill : migration.backfills()) {
                target.unhurried(vacuum(backfill));
            }
        }
        return Results.end(target, request, new Impact(target, request, migration).told(counted, Moment.DURING));
    }

    /** What the copy did not need is begun only when the copy itself could go on: it burdens the server no less. */
    private static void awaitQuiet(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        Wanted wanted = new Wanted(target, request.run(), pulse);
        for (Backfill backfill : migration.backfills()) {
            Throttle throttle = new Throttle(target, request, backfill, 0);
            Tuning tuning = wanted.obey(backfill.name());
            while (throttle.holds(request.start().limits().with(tuning.limits()), pulse)) {
                tuning = wanted.obey(backfill.name());
            }
        }
    }

    /** Whether the counts of all backfills add up; a range is opened for what is left over. */
    static PhaseReport count(Target target, Run run, Migration migration) {
        List<String> problems = new ArrayList<>();
        Ranges.Sums all = Ranges.Sums.NONE;
        for (Backfill backfill : migration.backfills()) {
            Ranges.Sums sums = Ranges.sums(target.dsl(), run, backfill.name());
            all = all.plus(sums);
            problems.addAll(unaccounted(target, run, backfill, sums));
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("scanned", all.scanned());
        counts.put("copied", all.copied());
        counts.put("skipped", all.skipped());
        counts.put("quarantined", all.quarantined());
        if (!problems.isEmpty()) {
            return new PhaseReport(Verdict.FAILED, "counts do not add up", List.of(), counts, problems);
        }
        Map<String, Long> lost = Throttlings.lost(Throttlings.of(target.dsl(), run.id()));
        lost.forEach((signal, millis) -> counts.put("milliseconds lost to " + signal, millis));
        String summary = all.copied() + " copied, " + all.skipped() + " skipped, " + all.quarantined()
                + " in quarantine" + (lost.isEmpty() ? "" : "; lost " + StatusBackfill.lost(lost));
        return new PhaseReport(Verdict.PASSED, summary, List.of(), counts, List.of());
    }

    /**
     * The counts against the tables themselves: what the batches say they brought over is there, and each unit of the
     * source is brought over, or excluded, or in quarantine.
     */
    private static List<String> unaccounted(Target target, Run run, Backfill backfill, Ranges.Sums sums) {
        List<String> found = new ArrayList<>(Batch.of(backfill).contradictions(target.dsl(), run, sums));
        long held = Quarantine.held(target.dsl(), run, backfill);
        if (held != sums.quarantined()) {
            found.add("counted " + sums.quarantined() + " units refused, the quarantine holds " + held);
        }
        List<String> problems = new ArrayList<>();
        String where = run.migration() + ": backfill '" + backfill.name() + "' ";
        found.forEach(contradiction -> problems.add(where + contradiction
                + ". What was copied stays. Send 'rollback', or look at runbook.range and the ledger, then 'retry'."));
        long left = Leftovers.counted(target.dsl(), run, backfill);
        if (left > 0) {
            problems.add(where + "is not done: " + left
                    + " units are neither copied nor skipped nor in quarantine. What was copied stays. Send 'retry'"
                    + " to copy them, or 'rollback'.");
            Ranges.sweep(target, run, backfill);
        }
        return problems;
    }

    /** How far the copy is, over all backfills. */
    public static Progress progress(Target target, Run run, Migration migration) {
        List<Throttlings.Line> throttlings = Throttlings.of(target.dsl(), run.id());
        List<RangeRecord> ranges =
                target.dsl().selectFrom(RANGE).where(RANGE.RUN.eq(run.id())).fetch();
        Ranges.Sums all = Ranges.Sums.NONE;
        long expected = 0;
        double done = 0;
        Set<String> open = new HashSet<>();
        String batch = "";
        for (RangeRecord range : ranges) {
            all = all.plus(
                    new Ranges.Sums(range.getScanned(), range.getCopied(), range.getSkipped(), range.getQuarantined()));
            expected += range.getExpected();
            if (range.getFinishedAt() != null) {
                done += range.getExpected();
                continue;
            }
            open.add(range.getBackfill());
            done += Math.min(range.getScanned(), range.getExpected());
            if (range.getOwnerSlot() != null && range.getBatches() > 0) {
                batch = range.getBatchRows() + " rows, " + range.getBatchWhy();
            }
        }
        double rate = rate(target, run);
        return new Progress(
                current(migration, open),
                all.scanned(),
                all.copied(),
                all.skipped(),
                all.quarantined(),
                ranges.isEmpty()
                        ? -1
                        : open.isEmpty() ? 1000 : (int) Math.min(999, done * 1000 / Math.max(1, expected)),
                Math.round(rate),
                open.isEmpty() ? "" : paused(target, run) ? "paused" : remaining(rate, Math.max(0, expected - done)),
                batch,
                Throttlings.now(throttlings),
                Throttlings.lasting(throttlings),
                Throttlings.lost(throttlings));
    }

    /** Of the ranges that a batch moved lately: one that stands still has none, whatever it had when it moved. */
    private static double rate(Target target, Run run) {
        return target.dsl()
                .select(coalesce(sum(RANGE.UNITS_PER_SECOND), BigDecimal.ZERO))
                .from(RANGE)
                .where(RANGE.RUN.eq(run.id()))
                .and(RANGE.FINISHED_AT.isNull())
                .and(RANGE.OWNER_SLOT.isNotNull())
                .and(Throttlings.lately(RANGE.CHANGED_AT))
                .fetchSingle()
                .value1()
                .doubleValue();
    }

    private static boolean paused(Target target, Run run) {
        return target.dsl().fetchExists(CONTROL, CONTROL.RUN.eq(run.id()).and(CONTROL.WANTED.eq("pause")));
    }

    /** They run one after the other: the first that is not done, else the last. */
    private static String current(Migration migration, Set<String> open) {
        String name = "";
        for (Backfill backfill : migration.backfills()) {
            name = backfill.name();
            if (open.contains(name)) {
                return name;
            }
        }
        return name;
    }

    /** What each slot is at, in the order of the slots. */
    public static List<SlotProgress> slots(Target target, Run run) {
        return target.dsl()
                .selectFrom(RANGE)
                .where(RANGE.RUN.eq(run.id()))
                .and(RANGE.FINISHED_AT.isNull())
                .and(RANGE.OWNER_SLOT.isNotNull())
                .orderBy(RANGE.OWNER_SLOT)
                .fetch(range -> new SlotProgress(
                        range.getOwnerSlot() + 1,
                        range.getNumber(),
                        (int) Math.min(999, range.getScanned() * 1_000 / Math.max(1, range.getExpected())),
                        range.getBatchRows() + " rows a batch, " + range.getBatchWhy()));
    }

    private static String remaining(double rate, double units) {
        if (rate < 1) {
            return "measuring";
        }
        double seconds = units / rate;
        // Time spent waiting between batches is not in the rate, so the upper end is wider than the lower.
        return seconds < 90
                ? "%d to %d s".formatted(Math.max(1, Math.round(seconds * 0.8)), Math.max(2, Math.round(seconds * 1.5)))
                : "%d to %d min"
                        .formatted(
                                Math.max(1, Math.round(seconds * 0.8 / 60)),
                                Math.max(2, Math.round(seconds * 1.5 / 60)));
    }
}
