package runbook.engine.backup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;

/**
 * What tables need before they can be made, in the order in which it has to be made: found by following the server's own
 * dependencies from the tables to objects that a new database does not have.
 */
final class Surroundings {

    /** Objects below this number come with every database. */
    private static final long FIRST_OWN = 16_384;

    private static final String STARTS = """
            select 'pg_catalog.pg_class'::regclass::oid::bigint as kind, {0}::oid::bigint as id
            union all select 'pg_catalog.pg_attrdef'::regclass::oid::bigint, oid::bigint
            from pg_catalog.pg_attrdef where adrelid = {0}
            union all select 'pg_catalog.pg_constraint'::regclass::oid::bigint, oid::bigint
            from pg_catalog.pg_constraint where conrelid = {0} and contype <> 'f'
            union all select 'pg_catalog.pg_class'::regclass::oid::bigint, indexrelid::bigint
            from pg_catalog.pg_index where indrelid = {0}
            """;

    /** A composite type's parts depend on the type's relation, and a domain's checks on the domain: ask from there too. */
    private static final String NEEDS = """
            select distinct d.refclassid::bigint as kind, d.refobjid::bigint as id
            from pg_catalog.pg_depend d
            where d.refobjid >= {2} and d.deptype in ('n', 'i', 'e') and (
                (d.classid = {0} and d.objid = {1})
                or ({0}::oid = 'pg_catalog.pg_type'::regclass and d.classid = 'pg_catalog.pg_class'::regclass
                    and d.objid = (select t.typrelid from pg_catalog.pg_type t where t.oid = {1} and t.typrelid <> 0))
                or ({0}::oid = 'pg_catalog.pg_type'::regclass and d.classid = 'pg_catalog.pg_constraint'::regclass
                    and d.objid in (select k.oid from pg_catalog.pg_constraint k where k.contypid = {1})))
            order by 1, 2
            """;

    private final DSLContext dsl;
    private final Definitions definitions;
    private final Set<Object> seen = new HashSet<>();
    private final List<Needed> needed = new ArrayList<>();
    private final Set<TableName> sequences = new TreeSet<>();
    private final Set<String> missing = new TreeSet<>();

    private record Node(long kind, long id) {}

    private Surroundings(DSLContext dsl, Collection<TableName> tables) {
        this.dsl = dsl;
        this.definitions = new Definitions(dsl, Set.copyOf(tables));
    }

    /**
     * What was found around the tables.
     *
     * @param sequences that defaults draw from
     * @param missing what a restore will not bring, for people
     */
    record Found(List<Needed> needed, Set<TableName> sequences, List<String> missing) {}

    static Found around(DSLContext dsl, Collection<TableName> tables) {
        Surroundings surroundings = new Surroundings(dsl, tables);
        for (TableName table : tables) {
            long id = dsl.fetchSingle("select {0}::regclass::oid::bigint as id", DSL.inline(table.asText()))
                    .get("id", Long.class);
            dsl.fetch(STARTS, DSL.inline(id)).forEach(start -> surroundings.follow(node(start)));
        }
        return new Found(surroundings.needed, surroundings.sequences, List.copyOf(surroundings.missing));
    }

    /** Depth first: what an object needs comes before the object. */
    private void follow(Node node) {
        if (!seen.add(node)) {
            return;
        }
        Definitions.Definition definition = definitions.of(node.kind(), node.id());
        if (definition.follow()) {
            dsl.fetch(NEEDS, DSL.inline(node.kind()), DSL.inline(node.id()), DSL.inline(FIRST_OWN))
                    .forEach(next -> follow(node(next)));
        }
        if (definition.needed() != null) {
            needed.add(definition.needed());
        }
        if (definition.sequence() != null) {
            sequences.add(definition.sequence());
        }
        if (definition.missing() != null) {
            missing.add(definition.missing());
        }
    }

    private static Node node(Record row) {
        return new Node(row.get("kind", Long.class), row.get("id", Long.class));
    }
}
