package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.Table;
import runbook.message.CheckVerdict;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;
import runbook.spi.Migration;
import runbook.spi.Severity;

/** Looks at the old shape before anything is changed: volumes, data quality, and what hangs on the tables. */
public final class Assessment {

    /** What of a table's surroundings a migration can disturb, or be disturbed by. */
    private static final Map<String, String> INVENTORY = new TreeMap<>(
            Map.of(
                    "application triggers",
                            "select count(*) from pg_catalog.pg_trigger where tgrelid = to_regclass({0}) and not tgisinternal"
                                    + " and tgname not like '%runbook\\_%'",
                    "policies", "select count(*) from pg_catalog.pg_policy where polrelid = to_regclass({0})",
                    "publications",
                            "select count(*) from pg_catalog.pg_publication_rel where prrelid = to_regclass({0})",
                    "inheritance children",
                            "select count(*) from pg_catalog.pg_inherits where inhparent = to_regclass({0})",
                    "rules and views",
                            "select count(distinct ev_class) from pg_catalog.pg_rewrite r join pg_catalog.pg_depend d"
                                    + " on d.objid = r.oid where d.refobjid = to_regclass({0}) and r.ev_class <> d.refobjid",
                    "foreign keys to it",
                            "select count(*) from pg_catalog.pg_constraint where confrelid = to_regclass({0}) and contype = 'f'"));

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
        verdicts.addAll(inventory(target, request, migration));
        return Results.end(target, request, Results.report(request.phase(), request.run(), verdicts, counts));
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

    private static List<CheckVerdict> inventory(Target target, PhaseRequest request, Migration migration) {
        Results results = new Results(target, request);
        List<CheckVerdict> verdicts = new ArrayList<>();
        for (Table<?> table : migration.tables()) {
            String quoted = Sql.quoted(table);
            verdicts.add(results.run("nothing unexpected hangs on " + table.getName(), Severity.ADVISORY, tx -> {
                List<String> found = new ArrayList<>();
                INVENTORY.forEach((what, query) -> {
                    long number = tx.fetchSingle(query, inline(quoted)).get(0, Long.class);
                    if (number > 0) {
                        found.add(number + " " + what);
                    }
                });
                return found.isEmpty()
                        ? new Results.Look(Verdict.PASSED, "", null)
                        : new Results.Look(Verdict.FAILED, String.join(", ", found), null);
            }));
        }
        return verdicts;
    }
}
