package runbook.engine.backup;

import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import runbook.engine.RunbookException;

/** Reads the shapes of tables out of the catalog, printed by the server's own functions. */
final class Shapes {

    private static final String TABLE = """
            select c.oid::bigint as id, c.relpersistence = 'u' as unlogged
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = {0} and c.relname = {1}
            """;

    private static final String COLUMNS = """
            select a.attname::text as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
                   case when a.attcollation <> t.typcollation
                        then pg_catalog.format('%I.%I', cn.nspname, co.collname) end as collation,
                   a.attnotnull and not exists (
                       select from pg_catalog.pg_constraint k
                       where k.conrelid = a.attrelid and k.contype = 'n' and k.conkey = array[a.attnum]
                         and not k.convalidated) as not_null,
                   pg_catalog.pg_get_expr(d.adbin, d.adrelid) as expression,
                   case a.attidentity when 'a' then 'always' when 'd' then 'by default' else '' end as identity,
                   case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' else '' end as generated
            from pg_catalog.pg_attribute a
            join pg_catalog.pg_type t on t.oid = a.atttypid
            left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            left join pg_catalog.pg_collation co on co.oid = a.attcollation
            left join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace
            where a.attrelid = {0} and a.attnum > 0 and not a.attisdropped
            order by a.attnum
            """;

    private static final String KEY = """
            select a.attname::text as name
            from pg_catalog.pg_constraint k
            cross join lateral pg_catalog.unnest(k.conkey) with ordinality as part (number, place)
            join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = part.number
            where k.conrelid = {0} and k.contype = 'p'
            order by part.place
            """;

    /** A not-null that was never validated is a constraint beside its column: the rows may not satisfy it. */
    private static final String CONSTRAINTS = """
            select k.conname::text as name, pg_catalog.pg_get_constraintdef(k.oid) as definition,
                   fn.nspname::text as other_schema, f.relname::text as other_table
            from pg_catalog.pg_constraint k
            left join pg_catalog.pg_class f on f.oid = k.confrelid
            left join pg_catalog.pg_namespace fn on fn.oid = f.relnamespace
            where k.conrelid = {0}
              and (k.contype = 'f') = {1} and k.contype <> 't' and (k.contype <> 'n' or not k.convalidated)
            order by pg_catalog.array_position(array['n', 'c', 'p', 'u', 'x']::"char"[], k.contype), k.conname
            """;

    /** The head of a definition is known to the letter, because every name in it is qualified. */
    private static final String INDEXES = """
            select name, is_unique, pg_catalog.substr(definition, pg_catalog.length(head) + 2) as rest
            from (select i.relname::text as name, x.indisunique as is_unique,
                         pg_catalog.pg_get_indexdef(i.oid) as definition,
                         pg_catalog.format('CREATE %sINDEX %I ON %I.%I',
                             case when x.indisunique then 'UNIQUE ' else '' end, i.relname, n.nspname, c.relname) as head
                  from pg_catalog.pg_index x
                  join pg_catalog.pg_class i on i.oid = x.indexrelid
                  join pg_catalog.pg_class c on c.oid = x.indrelid
                  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                  where x.indrelid = {0} and x.indisvalid
                    and not exists (select from pg_catalog.pg_constraint k
                                    where k.conindid = i.oid and k.conrelid = x.indrelid
                                      and k.contype in ('p', 'u', 'x'))) as printed
            order by name
            """;

    private static final String LEFT_OUT = """
            select what from (
                select 'trigger ' || t.tgname as what from pg_catalog.pg_trigger t
                where t.tgrelid = {0} and not t.tgisinternal
                union all select 'policy ' || p.polname from pg_catalog.pg_policy p where p.polrelid = {0}
                union all select 'rule ' || r.rulename from pg_catalog.pg_rewrite r where r.ev_class = {0}
                union all select 'extended statistics ' || s.stxname from pg_catalog.pg_statistic_ext s
                where s.stxrelid = {0}
                union all select 'invalid index ' || i.indexrelid::regclass from pg_catalog.pg_index i
                where i.indrelid = {0} and not i.indisvalid
                union all select 'row-level security' from pg_catalog.pg_class c where c.oid = {0} and c.relrowsecurity
                union all select 'privileges' from pg_catalog.pg_class c where c.oid = {0} and c.relacl is not null
                union all select 'comments' where exists (
                    select from pg_catalog.pg_description d
                    where d.classoid = 'pg_catalog.pg_class'::regclass and d.objoid = {0})) as all_of_them
            order by what
            """;

    private final DSLContext dsl;

    Shapes(DSLContext dsl) {
        this.dsl = dsl;
    }

    /** The shape of a table, or nothing when there is none of that name. */
    @Nullable
    Shape find(TableName name) {
        Record table = dsl.fetchOne(TABLE, DSL.inline(name.schema()), DSL.inline(name.name()));
        if (table == null) {
            return null;
        }
        long id = table.get("id", Long.class);
        return new Shape(
                name,
                table.get("unlogged", Boolean.class),
                columns(id),
                of(KEY, id).getValues("name", String.class),
                constraints(id, false),
                constraints(id, true),
                indexes(id),
                of(LEFT_OUT, id).getValues("what", String.class));
    }

    Shape of(TableName name) {
        Shape shape = find(name);
        if (shape == null) {
            throw new RunbookException("backup: " + name + " is not there; expected a table");
        }
        return shape;
    }

    private List<Column> columns(long id) {
        return of(COLUMNS, id)
                .map(column -> new Column(
                        column.get("name", String.class),
                        column.get("type", String.class),
                        column.get("collation", String.class),
                        column.get("not_null", Boolean.class),
                        column.get("expression", String.class),
                        column.get("identity", String.class),
                        column.get("generated", String.class)));
    }

    private List<Constraint> constraints(long id, boolean foreign) {
        List<Constraint> constraints = new ArrayList<>();
        for (Record row : dsl.fetch(CONSTRAINTS, DSL.inline(id), DSL.inline(foreign))) {
            String other = row.get("other_table", String.class);
            constraints.add(new Constraint(
                    row.get("name", String.class),
                    row.get("definition", String.class),
                    other == null ? null : new TableName(row.get("other_schema", String.class), other)));
        }
        return constraints;
    }

    private List<Index> indexes(long id) {
        return of(INDEXES, id)
                .map(index -> new Index(
                        index.get("name", String.class),
                        index.get("is_unique", Boolean.class),
                        index.get("rest", String.class)));
    }

    private Result<Record> of(String question, long id) {
        return dsl.fetch(question, DSL.inline(id));
    }
}
