package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Select;
import org.jooq.Table;
import runbook.engine.Results.Look;
import runbook.message.CheckVerdict;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;
import runbook.spi.Key;
import runbook.spi.Latency;
import runbook.spi.Severity;

/** Times the application's queries with real keys, and looks whether the plan uses the index that was built for it. */
final class Latencies {

    private static final int CALLS = 200;

    /** Not counted: the first calls pay for plans and cold pages. */
    private static final int WARM_UP = 20;

    /** Below this a sequential scan is the right plan, so the index can only be asked for. */
    private static final long SMALL_TABLE_PAGES = 64;

    private Latencies() {}

    static List<CheckVerdict> check(Target target, PhaseRequest request, List<Latency> latencies, Pulse pulse) {
        Results results = new Results(target, request);
        List<CheckVerdict> verdicts = new ArrayList<>();
        for (Latency latency : latencies) {
            pulse.beat(Map.of("check", latency.name()));
            String claim =
                    latency.name() + ": 95 of 100 calls within " + latency.p95().toMillis() + " ms";
            verdicts.add(results.run(claim, Severity.BLOCKING, tx -> look(tx, latency)));
            latency.before()
                    .ifPresent(old -> verdicts.add(results.run(
                            latency.name() + ": not slower than in the old shape",
                            Severity.BLOCKING,
                            tx -> new LatencyPair(tx, latency.key(), keys(tx, latency.key()))
                                    .look(old, latency.query()))));
        }
        return verdicts;
    }

    private static Look look(DSLContext tx, Latency latency) {
        List<List<String>> keys = keys(tx, latency.key());
        if (keys.isEmpty()) {
            return new Look(Verdict.PASSED, "no rows to ask for", null);
        }
        List<Long> micros = new ArrayList<>();
        for (int call = 0; call < CALLS + WARM_UP; call++) {
            Select<?> query = latency.query().apply(Sql.equal(latency.key(), keys.get(call % keys.size())));
            long began = System.nanoTime();
            tx.fetch(query);
            if (call >= WARM_UP) {
                micros.add((System.nanoTime() - began) / 1_000);
            }
        }
        micros.sort(null);
        long p95 = micros.get(micros.size() * 95 / 100);
        Optional<String> index = index(tx, latency, keys.get(0));
        boolean passed = index.isPresent() && p95 <= latency.p95().toNanos() / 1_000;
        String note = "p95 %.1f ms, plan uses %s"
                .formatted(p95 / 1_000.0, index.map(name -> "index " + name).orElse("none of its indexes"));
        return new Look(passed ? Verdict.PASSED : Verdict.FAILED, note, null);
    }

    private static List<List<String>> keys(DSLContext tx, Key key) {
        var sampled = tx.select(key.fields())
                .from(key.table())
                .orderBy(field(
                        "hashtextextended({0}::text, 0)",
                        Long.class, key.columns().get(0)))
                .limit(CALLS);
        return tx.fetch(sampled).map(row -> Sql.keyOf(key, row));
    }

    private static Optional<String> index(DSLContext tx, Latency latency, List<String> key) {
        List<String> names =
                latency.indexes().stream().map(index -> index.getName()).toList();
        Table<?> table = Objects.requireNonNull(latency.indexes().get(0).getTable());
        Long pages = tx.select(
                        field("pg_relation_size(to_regclass({0})) / 8192", Long.class, inline(Sql.quoted(table))))
                .fetchSingle()
                .value1();
        if (pages < SMALL_TABLE_PAGES) {
            tx.execute("set local enable_seqscan = off");
        }
        String plan =
                tx.explain(latency.query().apply(Sql.equal(latency.key(), key))).plan();
        return names.stream().filter(name -> plan.contains(name + " ")).findFirst();
    }
}
