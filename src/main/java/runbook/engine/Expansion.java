package runbook.engine;

import static runbook.generated.engine.Tables.SCRIPT;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jooq.Table;
import org.jooq.impl.DSL;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;
import runbook.spi.Migration;

/** Adds the new shape beside the old one: tables, mirrors, functions; the application goes on meanwhile. */
public final class Expansion {

    private Expansion() {}

    public static PhaseReport expand(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        Results.begin(target, request);
        Impact impact = new Impact(target, request, migration);
        impact.before(pulse);
        RepairedRows.end(target, request.run(), migration, pulse);
        Fingerprints.before(target, request.run(), migration, "schema");
        int scripts = Scripts.apply(target, request.run(), "schema", pulse);
        handOver(target, request, migration, pulse);
        ForeignWrites.watch(target, request.run(), migration, pulse);
        Preservation.watch(target, request.run(), migration, pulse);
        Fingerprints.after(target, request.run(), migration, "schema");
        impact.once(Moment.MIRRORED, pulse);
        Long longest = target.dsl()
                .select(DSL.max(SCRIPT.MILLIS))
                .from(SCRIPT)
                .where(SCRIPT.RUN.eq(request.run().id()))
                .and(SCRIPT.FOLDER.eq("schema"))
                .fetchSingle()
                .value1();
        long longestMillis = longest == null ? 0 : longest;
        PhaseReport report = new PhaseReport(
                Verdict.PASSED,
                scripts + " scripts, longest " + longestMillis + " ms",
                List.of(),
                Map.of("scripts", (long) scripts, "longest script in ms", longestMillis),
                List.of());
        return Results.end(target, request, impact.told(report, Moment.BEFORE, Moment.MIRRORED));
    }

    /**
     * Who owns the old shape gets the new tables: a switched view reads with its owner's rights, and row-level security
     * spares nobody but a table's owner.
     */
    private static void handOver(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        String owner = migration.tables().stream()
                .sorted(Comparator.comparing(Sql::shown))
                .map(table -> owner(target, table))
                .findFirst()
                .orElseThrow();
        List<Table<?>> others = migration.created().stream()
                .filter(table -> !owner(target, table).equals(owner))
                .toList();
        for (Table<?> table : others) {
            Tries.forLocks(target, request.run(), "owner of " + Sql.shown(table), pulse, tries -> target.dsl()
                    .execute("alter table {0} owner to {1}", table, DSL.name(owner)));
        }
    }

    private static String owner(Target target, Table<?> table) {
        return target.dsl()
                .fetchSingle(
                        "select pg_get_userbyid(relowner)::text from pg_catalog.pg_class where oid::bigint = {0}",
                        Sql.oid(table))
                .get(0, String.class);
    }
}
