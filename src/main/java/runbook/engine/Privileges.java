package runbook.engine;

import static org.jooq.impl.DSL.field;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import runbook.spi.Migration;

/** What the role may not do but a run needs to, each with the one command that cures it. */
final class Privileges {

    /** Schemas of ours, which an earlier run may have made as another role. */
    private static final List<String> OURS = List.of("runbook", Retirements.ARCHIVE);

    /** From here on a membership says by itself whether its rights are inherited; before, the role said it. */
    private static final int INHERITANCE_BY_MEMBERSHIP = 160_000;

    private final DSLContext dsl;
    private final String role;
    private final List<String> missing = new ArrayList<>();

    private Privileges(DSLContext dsl) {
        this.dsl = dsl;
        this.role = text("quote_ident(current_user)");
    }

    static List<String> missing(DSLContext dsl, Migration migration) {
        Privileges privileges = new Privileges(dsl);
        privileges.ofTheRole();
        privileges.inSchemas(migration);
        privileges.onObjects(migration);
        privileges.ofOwners(migration);
        return privileges.missing;
    }

    private void ofTheRole() {
        if (!inherits("pg_monitor")) {
            missing.add("the role may not see other sessions. " + membership("pg_monitor"));
        }
        if (!holds("has_database_privilege(current_database(), 'CREATE')")) {
            missing.add("the role may not create schemas here. GRANT CREATE ON DATABASE "
                    + text("quote_ident(current_database())") + " TO " + role + ";");
        }
        if (!holds("(select rolcreatedb or rolsuper from pg_catalog.pg_roles where rolname = current_user)")) {
            missing.add("the role may not create the scratch database of the restore drill. ALTER ROLE " + role
                    + " CREATEDB;");
        }
    }

    private void inSchemas(Migration migration) {
        for (String schema : schemas(migration)) {
            boolean may = holds(
                    "coalesce(has_schema_privilege(to_regnamespace(quote_ident({0})), 'USAGE')"
                            + " and has_schema_privilege(to_regnamespace(quote_ident({0})), 'CREATE'), true)",
                    schema);
            if (!may) {
                missing.add("the role may not add the new shape to schema " + schema
                        + ". GRANT USAGE, CREATE ON SCHEMA " + text("quote_ident({0})", schema) + " TO " + role + ";");
            }
        }
        for (String schema : OURS) {
            dsl.select(field("pg_get_userbyid(nspowner)::text", String.class))
                    .from("pg_catalog.pg_namespace")
                    .where(field("nspname", String.class).eq(schema))
                    .fetchOptional(0, String.class)
                    .filter(owner -> !inherits(owner))
                    .ifPresent(owner -> missing.add("schema " + schema + " belongs to role " + owner
                            + ", as which an earlier run was made. " + membership(owner)));
        }
    }

    /** The owner of a table may add triggers to it, rename its columns and read it all; nobody else may. */
    private void onObjects(Migration migration) {
        Map<String, TreeSet<String>> foreign = new LinkedHashMap<>();
        objects(migration).forEach(object -> dsl.select(field("pg_get_userbyid(relowner)::text", String.class))
                .from("pg_catalog.pg_class")
                .where(field("oid::bigint", Long.class).eq(Sql.oid(object)))
                .fetchOptional(0, String.class)
                .filter(owner -> !inherits(owner))
                .ifPresent(owner ->
                        foreign.computeIfAbsent(owner, o -> new TreeSet<>()).add(Sql.shown(object))));
        foreign.forEach((owner, names) -> missing.add(String.join(", ", names)
                + (names.size() == 1 ? " belongs" : " belong") + " to role " + owner
                + ", and only an owner may add mirrors, switch views and retire columns. " + membership(owner)));
    }

    /** The new tables are handed over to them. */
    private void ofOwners(Migration migration) {
        migration.tables().stream()
                .sorted(Comparator.comparing(Sql::shown))
                .limit(1)
                .forEach(table -> dsl.fetch(
                                "select quote_ident(pg_get_userbyid(c.relowner)) as owner, quote_ident(n.nspname) as schema"
                                        + " from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
                                        + " where c.oid::bigint = {0} and not has_schema_privilege(c.relowner, n.oid, 'CREATE')"
                                        + " and c.relowner <> (select oid from pg_catalog.pg_roles where rolname = current_user)",
                                Sql.oid(table))
                        .forEach(row -> missing.add(
                                "role " + row.get("owner") + ", which owns the old shape, may not own the new"
                                        + " one too. GRANT CREATE ON SCHEMA " + row.get("schema") + " TO "
                                        + row.get("owner") + ";")));
    }

    private static Stream<Table<?>> objects(Migration migration) {
        return Stream.concat(migration.tables().stream(), Extent.views(migration));
    }

    private static List<String> schemas(Migration migration) {
        return Extent.schemas(Stream.concat(migration.tables().stream(), migration.created().stream()))
                .sorted()
                .toList();
    }

    /** A member that does not inherit may act as the owner after SET ROLE, which we never do. */
    private String membership(String owner) {
        String grant = "GRANT " + text("quote_ident({0})", owner) + " TO " + role;
        if (!holds("pg_has_role({0}, 'MEMBER')", owner)) {
            return grant + ";";
        }
        return holds("current_setting('server_version_num')::int >= " + INHERITANCE_BY_MEMBERSHIP)
                ? grant + " WITH INHERIT TRUE;"
                : "ALTER ROLE " + role + " INHERIT;";
    }

    private boolean inherits(String owner) {
        return holds("pg_has_role({0}, 'USAGE')", owner);
    }

    private boolean holds(String condition, String... names) {
        return Boolean.TRUE.equals(fetch(condition, names).get(0, Boolean.class));
    }

    private String text(String expression, String... names) {
        return String.valueOf(fetch(expression, names).get(0, String.class));
    }

    private Record fetch(String expression, String... names) {
        return dsl.fetchSingle(
                "select " + expression, Stream.of(names).map(DSL::inline).toArray(QueryPart[]::new));
    }
}
