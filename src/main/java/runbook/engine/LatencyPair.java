package runbook.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Select;
import runbook.engine.Results.Look;
import runbook.message.Verdict;
import runbook.spi.Key;

/**
 * The old query against the new one, with the same keys. After a warm-up both run in turns, five times each, and who goes
 * first changes: what else the server does meets both. Judged is the median of the five ratios, new to old.
 *
 * <p>Up to 1.0 passes. Above 1.1 fails. Between the two it passes and is marked as inconclusive, since two runs of one
 * query differ by as much: nobody is held up, and whoever approves reads that it may be slower. That nothing could be
 * timed is none of the three; it is not verified.
 */
final class LatencyPair {

    static final double LIMIT = 1.1;

    private static final double EQUAL = 1.0;

    private static final int RUNS = 5;

    private final DSLContext tx;
    private final Key key;
    private final List<List<String>> keys;

    LatencyPair(DSLContext tx, Key key, List<List<String>> keys) {
        this.tx = tx;
        this.key = key;
        this.keys = keys;
    }

    Look look(Function<Condition, Select<?>> before, Function<Condition, Select<?>> after) {
        if (keys.isEmpty()) {
            return new Look(Verdict.NOT_VERIFIED, "no rows to ask for", null);
        }
        nanos(before);
        nanos(after);
        List<Double> ratios = new ArrayList<>();
        List<Double> old = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            boolean oldFirst = run % 2 == 0;
            long first = nanos(oldFirst ? before : after);
            long second = nanos(oldFirst ? after : before);
            ratios.add(oldFirst ? (double) second / first : (double) first / second);
            old.add((oldFirst ? first : second) / 1_000_000.0 / keys.size());
        }
        double ratio = median(ratios);
        String note = String.format(
                Locale.ROOT,
                "%.2f times the old query's %.2f ms, limit %.1f; old plan: %s; new plan: %s",
                ratio,
                median(old),
                LIMIT,
                plan(before),
                plan(after));
        return new Look(verdict(ratio), inconclusive(ratio) ? "inconclusive: " + note : note, null);
    }

    static Verdict verdict(double ratio) {
        return ratio <= LIMIT ? Verdict.PASSED : Verdict.FAILED;
    }

    static boolean inconclusive(double ratio) {
        return ratio > EQUAL && ratio <= LIMIT;
    }

    static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private long nanos(Function<Condition, Select<?>> query) {
        long began = System.nanoTime();
        keys.forEach(one -> tx.fetch(query.apply(Sql.equal(key, one))));
        return Math.max(1, System.nanoTime() - began);
    }

    /** Nodes and what they read; never a condition, which has the key. */
    private String plan(Function<Condition, Select<?>> query) {
        String json = tx.fetchSingle("explain (format json) {0}", query.apply(Sql.equal(key, keys.get(0))))
                .get(0, String.class);
        List<String> nodes = new ArrayList<>();
        collect(Json.tree(json).get(0).path("Plan"), nodes);
        return String.join(", ", nodes);
    }

    private static void collect(JsonNode node, List<String> nodes) {
        String read = Optional.of(node.path("Index Name").asText(""))
                .filter(name -> !name.isEmpty())
                .orElse(node.path("Relation Name").asText(""));
        nodes.add(node.path("Node Type").asText() + (read.isEmpty() ? "" : " " + read));
        node.path("Plans").forEach(child -> collect(child, nodes));
    }
}
