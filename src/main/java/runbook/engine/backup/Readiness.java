package runbook.engine.backup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import runbook.engine.RunbookException;

/** Whether every table can be read whole. All reasons against it are found before the first row is read. */
final class Readiness {

    private static final String LOOK = """
            select c.oid::bigint as id, c.relkind::text as kind, pg_catalog.pg_get_userbyid(c.relowner) as owner,
                   pg_catalog.has_schema_privilege(n.oid, 'usage') as enters,
                   pg_catalog.has_table_privilege(c.oid, 'select') as reads,
                   pg_catalog.row_security_active(c.oid) as filtered, c.relforcerowsecurity as forced,
                   exists (select from pg_catalog.pg_inherits i where i.inhparent = c.oid) as parent,
                   (select r.rolname from pg_catalog.pg_roles r where r.rolname = current_user) as reader
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = {0} and c.relname = {1}
            """;

    /** A CASE, because conditions are evaluated in any order and the function refuses what is no sequence. */
    private static final String SEQUENCES = """
            select pg_catalog.format('%I.%I', n.nspname, c.relname) as sequence
            from pg_catalog.pg_depend d
            join pg_catalog.pg_class c on c.oid = d.objid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
              and d.refobjid = {0} and d.deptype in ('a', 'i')
              and case when c.relkind = 'S' then not pg_catalog.has_sequence_privilege(c.oid, 'select') end
            order by 1
            """;

    private Readiness() {}

    /** Every reason at once, each with what cures it. */
    static void demand(DSLContext dsl, Collection<TableName> tables) {
        List<String> problems = new ArrayList<>();
        for (TableName table : tables) {
            problems.addAll(problems(dsl, table));
        }
        if (!problems.isEmpty()) {
            throw new RunbookException("backup: " + problems.size()
                    + (problems.size() == 1 ? " thing forbids" : " things forbid") + " a whole backup.\n"
                    + String.join("\n", problems)
                    + "\nNothing was saved. Cure them, then send the signal 'retry'.");
        }
    }

    /** What the tables take on disk, without their indexes: the most that their files can be expected to need. */
    static long bytes(DSLContext dsl, Collection<TableName> tables) {
        long bytes = 0;
        for (TableName table : tables) {
            bytes += dsl.fetchSingle(
                            "select pg_catalog.pg_table_size({0}::regclass) as bytes", DSL.inline(table.asText()))
                    .get("bytes", Long.class);
        }
        return bytes;
    }

    private static List<String> problems(DSLContext dsl, TableName table) {
        Record found = dsl.fetchOne(LOOK, DSL.inline(table.schema()), DSL.inline(table.name()));
        if (found == null) {
            return List.of("- " + table + ": not there; expected a table");
        }
        String unsuitable = unsuitable(found);
        if (unsuitable != null) {
            return List.of("- " + table + ": " + unsuitable);
        }
        List<String> problems = new ArrayList<>();
        String reader = quoted(found.get("reader", String.class));
        if (!found.get("enters", Boolean.class)) {
            problems.add("- " + table + ": role " + reader + " may not enter the schema: GRANT USAGE ON SCHEMA "
                    + quoted(table.schema()) + " TO " + reader + ";");
        }
        if (!found.get("reads", Boolean.class)) {
            problems.add("- " + table + ": role " + reader + " may not read it: GRANT SELECT ON " + table.asText()
                    + " TO " + reader + ";");
        }
        if (found.get("filtered", Boolean.class)) {
            problems.add("- " + table + ": row-level security hides rows from role " + reader + ": "
                    + unhidden(found, reader));
        }
        for (Record sequence : dsl.fetch(SEQUENCES, DSL.inline(found.get("id", Long.class)))) {
            problems.add("- " + table + ": role " + reader + " may not read its sequence: GRANT SELECT ON SEQUENCE "
                    + sequence.get("sequence") + " TO " + reader + ";");
        }
        return problems;
    }

    private static @Nullable String unsuitable(Record found) {
        return switch (found.get("kind", String.class)) {
            case "r" ->
                found.get("parent", Boolean.class)
                        ? "other tables inherit from it, and their rows would be left out; expected a table of its own"
                        : null;
            case "p" -> "a partitioned table, which this release does not back up; name its partitions instead";
            case "v", "m" -> "a view; expected a table";
            case "f" -> "a foreign table, whose rows are elsewhere; expected a table";
            default -> "not a table";
        };
    }

    private static String unhidden(Record found, String reader) {
        String bypass = "ALTER ROLE " + reader + " BYPASSRLS;";
        return found.get("forced", Boolean.class)
                ? bypass
                : bypass + " or make it a member of the owner: GRANT " + quoted(found.get("owner", String.class))
                        + " TO " + reader + ";";
    }

    private static String quoted(String name) {
        return DSL.name(name).toString();
    }
}
