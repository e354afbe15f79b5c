package runbook.engine.backup;

import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** How each kind of object is made again in an empty database. */
final class Definitions {

    private static final String WHAT = """
            select {0}::oid::regclass::text as catalog, pg_catalog.pg_describe_object({0}, {1}, 0) as words,
                   exists (select from pg_catalog.pg_depend d
                           where d.classid = {0} and d.objid = {1} and d.deptype = 'e') as of_extension
            """;

    private static final String SCHEMA = """
            select nspname::text as name, pg_catalog.format('create schema if not exists %I', nspname) as sql
            from pg_catalog.pg_namespace where oid = {0}
            """;

    private static final String EXTENSION = """
            select e.extname::text as name, pg_catalog.format(
                'create extension if not exists %I with schema %I', e.extname, n.nspname) as sql
            from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.oid = {0}
            """;

    private static final String FUNCTION = """
            select p.oid::regprocedure::text as name,
                   case when p.prokind in ('f', 'p') then pg_catalog.pg_get_functiondef(p.oid) end as sql
            from pg_catalog.pg_proc p where p.oid = {0}
            """;

    /** Columns of this catalog were renamed in three releases, so they are read by name out of JSON. */
    private static final String COLLATION = """
            select name, pg_catalog.format('create collation %s (provider = %s, deterministic = %s, %s%s)', name,
                       case c ->> 'collprovider' when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end,
                       c ->> 'collisdeterministic',
                       case c ->> 'collprovider' when 'c' then pg_catalog.format(
                           'lc_collate = %L, lc_ctype = %L', c ->> 'collcollate', c ->> 'collctype')
                       else pg_catalog.format('locale = %L',
                           coalesce(c ->> 'colllocale', c ->> 'colliculocale', c ->> 'collcollate')) end,
                       coalesce(', rules = ' || pg_catalog.quote_literal(c ->> 'collicurules'), '')) as sql
            from (select oid::regcollation::text as name, pg_catalog.to_jsonb(k) as c
                  from pg_catalog.pg_collation k where oid = {0}) as read
            """;

    private static final String TYPE = """
            select t.typtype::text as kind, t.oid::regtype::text as name, t.typelem <> 0 and t.typlen = -1 as is_array,
                   case t.typtype
                   when 'e' then pg_catalog.format('create type %s as enum (%s)', t.oid::regtype,
                       (select pg_catalog.string_agg(pg_catalog.quote_literal(l.enumlabel), ', ' order by l.enumsortorder)
                        from pg_catalog.pg_enum l where l.enumtypid = t.oid))
                   when 'd' then pg_catalog.format('create domain %s as %s%s%s%s%s', t.oid::regtype,
                       pg_catalog.format_type(t.typbasetype, t.typtypmod),
                       case when t.typcollation <> b.typcollation
                            then ' collate ' || t.typcollation::regcollation else '' end,
                       coalesce(' default ' || t.typdefault, ''), case when t.typnotnull then ' not null' else '' end,
                       (select pg_catalog.string_agg(pg_catalog.format(
                               ' constraint %I %s', k.conname, pg_catalog.pg_get_constraintdef(k.oid)), '')
                        from pg_catalog.pg_constraint k
                        where k.contypid = t.oid and k.contype = 'c' and k.convalidated))
                   when 'c' then pg_catalog.format('create type %s as (%s)', t.oid::regtype,
                       (select pg_catalog.string_agg(pg_catalog.format('%I %s%s', a.attname,
                               pg_catalog.format_type(a.atttypid, a.atttypmod),
                               case when a.attcollation <> p.typcollation
                                    then ' collate ' || a.attcollation::regcollation else '' end),
                               ', ' order by a.attnum)
                        from pg_catalog.pg_attribute a join pg_catalog.pg_type p on p.oid = a.atttypid
                        where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped))
                   when 'r' then (select pg_catalog.format('create type %s as range (subtype = %s, subtype_opclass = %s%s%s, '
                               || 'multirange_type_name = %s)', t.oid::regtype,
                               pg_catalog.format_type(r.rngsubtype, null), pg_catalog.format('%I.%I', n.nspname, o.opcname),
                               case when r.rngcollation <> 0 then ', collation = ' || r.rngcollation::regcollation else '' end,
                               case when r.rngsubdiff <> 0 then ', subtype_diff = ' || r.rngsubdiff::regproc else '' end,
                               r.rngmultitypid::regtype)
                       from pg_catalog.pg_range r join pg_catalog.pg_opclass o on o.oid = r.rngsubopc
                       join pg_catalog.pg_namespace n on n.oid = o.opcnamespace
                       where r.rngtypid = t.oid and r.rngcanonical = 0) end as sql,
                   (select c.relkind::text from pg_catalog.pg_class c where c.oid = t.typrelid) as relation
            from pg_catalog.pg_type t left join pg_catalog.pg_type b on b.oid = t.typbasetype
            where t.oid = {0}
            """;

    private static final String RELATION = """
            select c.relkind::text as kind, n.nspname::text as schema, c.relname::text as name
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = {0}
            """;

    private final DSLContext dsl;
    private final Set<TableName> tables;

    Definitions(DSLContext dsl, Set<TableName> tables) {
        this.dsl = dsl;
        this.tables = tables;
    }

    /**
     * What to do about one object.
     *
     * @param follow look at what it needs, too
     */
    record Definition(
            boolean follow,
            @Nullable Needed needed,
            @Nullable TableName sequence,
            @Nullable String missing) {

        static final Definition PASSED = new Definition(true, null, null, null);

        static Definition needed(String kind, Record row) {
            return new Definition(
                    true, new Needed(kind, row.get("name", String.class), row.get("sql", String.class)), null, null);
        }

        static Definition missing(String words) {
            return new Definition(false, null, null, words);
        }
    }

    Definition of(long catalog, long id) {
        Record what = dsl.fetchSingle(WHAT, DSL.inline(catalog), DSL.inline(id));
        String words = what.get("words", String.class);
        if (what.get("of_extension", Boolean.class)) {
            return Definition.PASSED;
        }
        return switch (what.get("catalog", String.class)) {
            case "pg_attrdef", "pg_constraint" -> Definition.PASSED;
            case "pg_namespace" -> Definition.needed("schema", row(SCHEMA, id));
            case "pg_extension" -> Definition.needed("extension", row(EXTENSION, id));
            case "pg_collation" -> Definition.needed("collation", row(COLLATION, id));
            case "pg_proc" -> whole("function", row(FUNCTION, id), words);
            case "pg_type" -> type(row(TYPE, id), words);
            case "pg_class" -> relation(row(RELATION, id), words);
            default -> Definition.missing(words);
        };
    }

    private Record row(String question, long id) {
        return dsl.fetchSingle(question, DSL.inline(id));
    }

    private static Definition type(Record type, String words) {
        boolean made = "e".equals(type.get("kind")) || "d".equals(type.get("kind")) || "r".equals(type.get("kind"));
        if (made || "c".equals(type.get("relation"))) {
            return whole("type", type, words);
        }
        boolean comesAlong = "m".equals(type.get("kind")) || type.get("is_array", Boolean.class);
        return comesAlong ? Definition.PASSED : Definition.missing(words);
    }

    private Definition relation(Record relation, String words) {
        TableName name = new TableName(relation.get("schema", String.class), relation.get("name", String.class));
        return switch (relation.get("kind", String.class)) {
            case "S" -> new Definition(false, null, name, null);
            case "c", "i" -> Definition.PASSED;
            default -> tables.contains(name) ? Definition.PASSED : Definition.missing(words);
        };
    }

    private static Definition whole(String kind, Record row, String words) {
        return row.get("sql") == null ? Definition.missing(words) : Definition.needed(kind, row);
    }
}
