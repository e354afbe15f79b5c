package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Table;
import runbook.message.CheckVerdict;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.spi.Migration;

/** Looks at the old shape before anything is changed: volumes, data quality, and what hangs on the tables. */
public final class Assessment {

    private Assessment() {}

    public static PhaseReport assess(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        Results.begin(target, request);
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Table<?> table : migration.tables()) {
            volume(target, table, counts);
        }
        List<CheckVerdict> verdicts = new ArrayList<>();
        Proof proof = new Proof(target, request, pulse);
        verdicts.addAll(proof.checks(migration.assessment()));
        proof.before(migration, request).forEach((name, value) -> counts.put(name, value.longValue()));
        Results results = new Results(target, request);
        verdicts.addAll(Inventory.check(results, target, migration));
        verdicts.add(Remains.before(results, migration));
        verdicts.addAll(Forecast.room(results, request, sum(counts, " bytes")));
        String time = Forecast.time(units(migration, counts), counts);
        PhaseReport report = Results.report(request, migration, verdicts, counts);
        return Results.end(
                target,
                request,
                new PhaseReport(
                        report.verdict(),
                        report.summary() + ", " + time,
                        report.checks(),
                        report.counts(),
                        report.problems()));
    }

    private static long sum(Map<String, Long> counts, String ending) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(ending))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static long units(Migration migration, Map<String, Long> counts) {
        return migration.backfills().stream()
                .mapToLong(
                        backfill -> counts.getOrDefault(backfill.unit().table().getName() + " rows, estimated", 0L))
                .sum();
    }

    private static void volume(Target target, Table<?> table, Map<String, Long> counts) {
        String quoted = Sql.quoted(table);
        var size = target.dsl()
                .select(
                        field("pg_total_relation_size(to_regclass({0}))", Long.class, inline(quoted)),
                        field(
                                "(select greatest(reltuples, 0)::bigint from pg_catalog.pg_class where oid = to_regclass({0}))",
                                Long.class, inline(quoted)))
                .fetchSingle();
        counts.put(table.getName() + " bytes", size.value1());
        counts.put(table.getName() + " rows, estimated", size.value2());
    }
}
