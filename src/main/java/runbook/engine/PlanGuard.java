package runbook.engine;

import static org.jooq.impl.DSL.field;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import runbook.generated.engine.tables.records.RangeRecord;
import runbook.message.PhaseRequest;
import runbook.spi.Backfill;
import runbook.spi.Key;

/**
 * No batch reads a table from its first block to its last. Looks at the plans of a range's first batch; what counts is
 * whether an index could serve, since for a small table, or a large part of one, the planner may rightly do without.
 */
final class PlanGuard {

    /** Reading so much at a time is cheap however it is done. */
    private static final long FEW_BLOCKS = 8;

    /** So many first batches; a plan for less than that may be the cheapest, whatever it leaves unread. */
    private static final long MANY_BATCHES = 10;

    private static final List<String> CONDITIONS =
            List.of("Filter", "Hash Cond", "Merge Cond", "Join Filter", "Recheck Cond");

    private final Target target;
    private final PhaseRequest request;
    private final Backfill backfill;

    PlanGuard(Target target, PhaseRequest request, Backfill backfill) {
        this.target = target;
        this.request = request;
        this.backfill = backfill;
    }

    /** A table that is read whole, under the conditions that stand around it. */
    private record Scan(String schema, String table, String alias, String conditions) {}

    /** A statement, and why its plan is refused. */
    private record Refusal(Scan scan, String plan) {}

    /**
     * Looks at the plans of the next batch of a range.
     *
     * @throws RunbookException.Parked when one of them reads a table whole for want of an index
     */
    void look(RangeRecord range, int rows) {
        Optional<Refusal> refusal = target.inTransaction(tx -> {
            Key key = backfill.unit();
            var rest = Ranges.rest(key, range);
            Optional<List<String>> last = Ranges.boundary(tx, key, rest, rows);
            if (last.isEmpty()) {
                return Optional.<Refusal>empty();
            }
            Query batch = Batch.of(backfill).statement(tx, rest.and(Sql.upTo(key, last.get())));
            return refusal(tx, Ranges.boundaryQuery(tx, key, rest, rows)).or(() -> refusal(tx, batch));
        });
        refusal.ifPresent(this::park);
    }

    private Optional<Refusal> refusal(DSLContext tx, Query statement) {
        if (scan(tx, plan(tx, statement)).isEmpty()) {
            return Optional.empty();
        }
        tx.execute("set local enable_seqscan = off");
        String plan = plan(tx, statement);
        tx.execute("set local enable_seqscan to default");
        return scan(tx, plan).map(scan -> new Refusal(scan, plan));
    }

    private static String plan(DSLContext tx, Query statement) {
        return tx.fetchSingle("explain (format json, verbose) {0}", statement).get(0, String.class);
    }

    private Optional<Scan> scan(DSLContext tx, String plan) {
        return scan(tx, Json.tree(plan).get(0).get("Plan"), "");
    }

    private Optional<Scan> scan(DSLContext tx, JsonNode node, String around) {
        String conditions = CONDITIONS.stream()
                .filter(node::has)
                .map(condition -> node.get(condition).asText() + " ")
                .collect(Collectors.joining("", "", around));
        if (whole(node)) {
            Scan scan = new Scan(
                    node.path("Schema").asText(),
                    node.path("Relation Name").asText(),
                    node.path("Alias").asText(),
                    conditions);
            return Optional.of(scan).filter(found -> large(tx, found));
        }
        for (JsonNode child : node.path("Plans")) {
            Optional<Scan> scan = scan(tx, child, conditions);
            if (scan.isPresent()) {
                return scan;
            }
        }
        return Optional.empty();
    }

    /** Sequentially, or the source by an index without a condition, as the order of a window would have it. */
    private boolean whole(JsonNode node) {
        String type = node.path("Node Type").asText();
        boolean unbounded = type.startsWith("Index") && !node.has("Index Cond");
        boolean source = node.path("Relation Name")
                .asText()
                .equals(backfill.unit().table().getName());
        return type.equals("Seq Scan")
                || unbounded && source && node.path("Plan Rows").asLong() > MANY_BATCHES * Pace.FIRST;
    }

    private boolean large(DSLContext tx, Scan scan) {
        String quoted = DSL.name(scan.schema(), scan.table()).quotedName().toString();
        return tx.select(field("pg_relation_size(to_regclass({0})) / 8192", Long.class, DSL.inline(quoted)))
                        .fetchSingle()
                        .value1()
                > FEW_BLOCKS;
    }

    private void park(Refusal refusal) {
        String where = request.run().migration() + ": backfill '" + backfill.name() + "'";
        String kept = Problems.keep(target, request.run(), "backfill", new SequentialScan(refusal.plan()));
        throw new RunbookException.Parked(where + ": each batch would read the whole of "
                + refusal.scan().schema()
                + "." + refusal.scan().table() + ", for want of an index that fits. Nothing of this range was copied."
                + cure(refusal.scan()) + " Then send 'retry', or 'rollback'. The plan: " + kept + ".");
    }

    private String cure(Scan scan) {
        TreeSet<String> columns = new TreeSet<>();
        Matcher column = Pattern.compile("\\b" + Pattern.quote(scan.alias()) + "\\.(\"[^\"]+\"|\\w+)")
                .matcher(scan.conditions());
        while (column.find()) {
            columns.add(column.group(1).replace("\"", ""));
        }
        boolean source = scan.table().equals(backfill.unit().table().getName());
        boolean indexed = backfill.unit().columns().stream()
                .map(TableField::getName)
                .toList()
                .containsAll(columns);
        if (source && indexed) {
            return " The range does not reach this table: put the condition into the innermost query of the source.";
        }
        return " CREATE INDEX CONCURRENTLY ON " + DSL.name(scan.schema(), scan.table()) + " ("
                + columns.stream().map(name -> DSL.name(name).toString()).collect(Collectors.joining(", ")) + ");";
    }

    /** A plan, kept like an error: it quotes keys. */
    private static final class SequentialScan extends RuntimeException {

        private static final long serialVersionUID = 1L;

        SequentialScan(String plan) {
            super(plan);
        }
    }
}
