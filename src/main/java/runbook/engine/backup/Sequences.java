package runbook.engine.backup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** Reads sequences: those that columns own, and those that defaults draw from. */
final class Sequences {

    private static final String OWNED = """
            select n.nspname::text as schema, c.relname::text as name
            from pg_catalog.pg_depend d
            join pg_catalog.pg_class c on c.oid = d.objid and c.relkind = 'S'
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
              and d.refobjid = {0}::regclass and d.deptype in ('a', 'i')
            """;

    private static final String SEQUENCE = """
            select pg_catalog.format_type(s.seqtypid, null) as type, s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
                   s.seqcache, s.seqcycle, now.last_value, now.is_called,
                   owner.schema as owner_schema, owner.name as owner_table, owner.column as owner_column,
                   coalesce(owner.kind = 'i', false) as is_identity
            from pg_catalog.pg_sequence s
            cross join {1} as now
            left join lateral (
                select n.nspname::text as schema, c.relname::text as name, a.attname::text as column, d.deptype as kind
                from pg_catalog.pg_depend d
                join pg_catalog.pg_class c on c.oid = d.refobjid
                join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = s.seqrelid
                  and d.refclassid = 'pg_catalog.pg_class'::regclass and d.deptype in ('a', 'i')) as owner on true
            where s.seqrelid = {0}::regclass
            """;

    private Sequences() {}

    static List<Sequence> of(DSLContext dsl, Collection<TableName> tables, Set<TableName> drawnFrom) {
        Set<TableName> names = new TreeSet<>(drawnFrom);
        for (TableName table : tables) {
            for (Record row : dsl.fetch(OWNED, DSL.inline(table.asText()))) {
                names.add(new TableName(row.get("schema", String.class), row.get("name", String.class)));
            }
        }
        List<Sequence> sequences = new ArrayList<>();
        for (TableName name : names) {
            sequences.add(read(dsl, name));
        }
        return sequences;
    }

    private static Sequence read(DSLContext dsl, TableName name) {
        Record row = dsl.fetchSingle(SEQUENCE, DSL.inline(name.asText()), name.quoted());
        String ownerTable = row.get("owner_table", String.class);
        return new Sequence(
                name,
                row.get("type", String.class),
                row.get("seqstart", Long.class),
                row.get("seqincrement", Long.class),
                row.get("seqmin", Long.class),
                row.get("seqmax", Long.class),
                row.get("seqcache", Long.class),
                row.get("seqcycle", Boolean.class),
                row.get("last_value", Long.class),
                row.get("is_called", Boolean.class),
                ownerTable == null ? null : new TableName(row.get("owner_schema", String.class), ownerTable),
                row.get("owner_column", String.class),
                row.get("is_identity", Boolean.class));
    }
}
