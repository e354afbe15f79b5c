package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.sum;
import static runbook.generated.engine.Tables.RANGE;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Progress;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Backfill;
import runbook.spi.Insert;
import runbook.spi.Migration;

/** The backfills of a run before, while and after they copy. */
public final class Backfills {

    private Backfills() {}

    /** Freshens statistics where there are none, then cuts the ranges of every backfill, or finds them. */
    public static void open(Target target, PhaseRequest request, Migration migration) {
        Results.begin(target, request);
        String definition = Plan.definition(migration);
        for (Backfill backfill : migration.backfills()) {
            String table = Sql.quoted(backfill.unit().table());
            Float known = target.dsl()
                    .select(field("reltuples", Float.class))
                    .from("pg_catalog.pg_class")
                    .where(field("oid").eq(field("to_regclass({0})", inline(table))))
                    .fetchOne(0, Float.class);
            if (known == null || known < 0) {
                target.dsl().execute("analyze {0}", backfill.unit().table());
            }
            if (request.acceptDefinition()) {
                Ranges.accept(target, request.run(), definition);
            }
            Ranges.open(target, request.run(), backfill, definition);
        }
    }

    /** Builds what the copy did not need, then refreshes the statistics of what was filled. */
    public static PhaseReport finish(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        Run run = request.run();
        List<String> problems = new ArrayList<>();
        Ranges.Sums all = new Ranges.Sums(0, 0, 0, 0);
        for (Backfill backfill : migration.backfills()) {
            Ranges.Sums sums = Ranges.sums(target.dsl(), run, backfill.name());
            all = all.plus(sums);
            problems.addAll(unaccounted(target, run, (Insert) backfill, sums));
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("scanned", all.scanned());
        counts.put("copied", all.copied());
        counts.put("skipped", all.skipped());
        counts.put("quarantined", all.quarantined());
        if (!problems.isEmpty()) {
            return Results.end(
                    target,
                    request,
                    new PhaseReport(Verdict.FAILED, "counts do not add up", List.of(), counts, problems));
        }
        Fingerprints.before(target, run, migration, "constraints");
        Scripts.apply(target, run, "constraints", pulse);
        Fingerprints.after(target, run, migration, "constraints");
        for (Backfill backfill : migration.backfills()) {
            target.dsl().execute("vacuum (analyze) {0}", ((Insert) backfill).target());
        }
        String summary =
                all.copied() + " copied, " + all.skipped() + " skipped, " + all.quarantined() + " in quarantine";
        return Results.end(target, request, new PhaseReport(Verdict.PASSED, summary, List.of(), counts, List.of()));
    }

    /**
     * The counts against the tables themselves: each unit copied has the batch's mark in the ledger, and each unit of the
     * source is in the ledger, or excluded, or in quarantine.
     */
    private static List<String> unaccounted(Target target, Run run, Insert insert, Ranges.Sums sums) {
        List<String> problems = new ArrayList<>();
        long claimed = target.dsl()
                .fetchCount(insert.claims().table(), insert.claimedBy().eq("backfill"));
        if (claimed != sums.copied()) {
            problems.add(run.migration() + ": backfill '" + insert.name() + "' counted " + sums.copied()
                    + " units copied, the ledger holds " + claimed
                    + ". Nothing was cut over. Send 'rollback', or look at"
                    + " runbook.range and the ledger, then 'retry'.");
        }
        long left = Leftovers.counted(target.dsl(), run, insert);
        if (left > 0) {
            problems.add(run.migration() + ": backfill '" + insert.name() + "': " + left
                    + " units are neither copied nor skipped nor in quarantine. Nothing was cut over. Send 'retry' to copy"
                    + " them, or 'rollback'.");
            Ranges.reopen(target, run, insert);
        }
        return problems;
    }

    /** How far the copy is, over all backfills. */
    public static Progress progress(Target target, Run run, Migration migration) {
        Ranges.Sums all = new Ranges.Sums(0, 0, 0, 0);
        long expected = 0;
        for (Backfill backfill : migration.backfills()) {
            all = all.plus(Ranges.sums(target.dsl(), run, backfill.name()));
            expected += estimate(target, backfill);
        }
        long busy = busyMillis(target, run);
        long rate = busy < 200 ? 0 : all.scanned() * 1000 / busy;
        boolean open = target.dsl().fetchExists(RANGE, RANGE.RUN.eq(run.id()).and(RANGE.FINISHED_AT.isNull()));
        boolean cut = target.dsl().fetchExists(RANGE, RANGE.RUN.eq(run.id()));
        int perMille = !cut ? -1 : open ? (int) Math.min(999, all.scanned() * 1000 / Math.max(1, expected)) : 1000;
        return new Progress(
                migration.backfills().isEmpty()
                        ? ""
                        : migration.backfills().get(0).name(),
                all.scanned(),
                all.copied(),
                all.skipped(),
                all.quarantined(),
                perMille,
                rate,
                remaining(open, rate, Math.max(0, expected - all.scanned())));
    }

    private static String remaining(boolean open, long rate, long rows) {
        if (!open) {
            return "";
        }
        if (rate == 0) {
            return "measuring";
        }
        long seconds = rows / rate;
        // Time spent waiting between batches is not in the rate, so the upper end is wider than the lower.
        return seconds < 90
                ? "%d to %d s".formatted(Math.max(1, seconds * 8 / 10), Math.max(2, seconds * 15 / 10))
                : "%d to %d min".formatted(Math.max(1, seconds * 8 / 600), Math.max(2, seconds * 15 / 600));
    }

    private static long busyMillis(Target target, Run run) {
        BigDecimal busy = target.dsl()
                .select(sum(RANGE.BUSY_MILLIS))
                .from(RANGE)
                .where(RANGE.RUN.eq(run.id()))
                .fetchSingle()
                .value1();
        return busy == null ? 0 : busy.longValue();
    }

    private static long estimate(Target target, Backfill backfill) {
        String table = Sql.quoted(backfill.unit().table());
        Float tuples = target.dsl()
                .select(field("reltuples", Float.class))
                .from("pg_catalog.pg_class")
                .where(field("oid").eq(field("to_regclass({0})", inline(table))))
                .fetchOne(0, Float.class);
        return tuples == null || tuples < 0 ? 0 : tuples.longValue();
    }
}
