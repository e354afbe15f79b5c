package runbook.engine.selftest;

import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;
import runbook.engine.Sql;

/**
 * A column as the catalogue has it.
 *
 * @param type of PostgreSQL, that of a domain seen through; {@code enum} for all of those
 * @param drawn whether the database can fill it by itself
 * @param generated whether nobody can write it
 */
record Column(String name, String type, boolean drawn, boolean generated) {

    private static final String COLUMNS = """
            select a.attname::text as name, a.attgenerated <> '' as generated,
                a.atthasdef or a.attidentity <> '' as drawn,
                case when t.typtype = 'e' then 'enum' else coalesce(base.typname, t.typname)::text end as type
            from pg_catalog.pg_attribute a
            join pg_catalog.pg_type t on t.oid = a.atttypid
            left join pg_catalog.pg_type base on t.typtype = 'd' and base.oid = t.typbasetype
            where a.attrelid::bigint = {0} and a.attnum > 0 and not a.attisdropped
            order by a.attnum
            """;

    static List<Column> of(DSLContext dsl, Table<?> table) {
        return dsl.resultQuery(COLUMNS, Sql.oid(table))
                .fetch(row -> new Column(
                        row.get("name", String.class),
                        row.get("type", String.class),
                        row.get("drawn", Boolean.class),
                        row.get("generated", Boolean.class)));
    }

    Field<Object> field() {
        return DSL.field(DSL.name(name));
    }

    boolean isText() {
        return type.equals("text") || type.equals("varchar") || type.equals("citext");
    }
}
