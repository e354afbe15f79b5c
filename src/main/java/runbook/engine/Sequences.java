package runbook.engine;

import static org.jooq.impl.DSL.inline;

import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Sets sequences past what is in their tables: rows that were copied with their numbers leave them behind. */
final class Sequences {

    /** Of identities, of serial columns, and of any default of a number that calls nextval; a text is no number to be past. */
    private static final String OF_TABLE = """
        select quote_ident(a.attname), format('%I.%I', n.nspname, s.relname)
        from pg_catalog.pg_depend d
        join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
        join pg_catalog.pg_namespace n on n.oid = s.relnamespace
        join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        join pg_catalog.pg_sequence q on q.seqrelid = s.oid and q.seqincrement > 0
        join pg_catalog.pg_type t on t.oid = a.atttypid and coalesce(nullif(t.typbasetype, 0), t.oid)
            in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)
        where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
          and d.refobjid = to_regclass({0}) and d.deptype in ('a', 'i')
        union
        select quote_ident(a.attname), format('%I.%I', n.nspname, s.relname)
        from pg_catalog.pg_attrdef f
        join pg_catalog.pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid
        join pg_catalog.pg_class s on s.oid = d.refobjid and d.refclassid = 'pg_class'::regclass and s.relkind = 'S'
        join pg_catalog.pg_namespace n on n.oid = s.relnamespace
        join pg_catalog.pg_attribute a on a.attrelid = f.adrelid and a.attnum = f.adnum
        join pg_catalog.pg_sequence q on q.seqrelid = s.oid and q.seqincrement > 0
        join pg_catalog.pg_type t on t.oid = a.atttypid and coalesce(nullif(t.typbasetype, 0), t.oid)
            in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)
        where f.adrelid = to_regclass({0})
        order by 1, 2
        """;

    private Sequences() {}

    /** Before a flip: from then on the new shape draws numbers of its own. */
    static void setPast(DSLContext tx, List<Table<?>> tables) {
        for (Table<?> table : tables) {
            tx.resultQuery(OF_TABLE, inline(Sql.quoted(table)))
                    .fetch()
                    .forEach(row -> setPast(tx, table, row.get(0, String.class), row.get(1, String.class)));
        }
    }

    private static void setPast(DSLContext tx, Table<?> table, String column, String sequence) {
        tx.execute(
                "select setval({2}, last.number) from (select max({0})::bigint as number from {1}) last, {3} drawn"
                        + " where last.number >= drawn.last_value + case when drawn.is_called then 1 else 0 end",
                DSL.raw(column), table, inline(sequence), DSL.raw(sequence));
    }
}
