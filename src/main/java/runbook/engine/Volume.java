package runbook.engine;

import static org.jooq.impl.DSL.field;

import org.jooq.DSLContext;
import org.jooq.Table;
import runbook.spi.Key;

/**
 * What the catalog knows of a table's size, as of its newest ANALYZE or VACUUM; nothing is counted.
 *
 * @param rows −1 where nobody has looked
 */
record Volume(long rows, long blocks) {

    /** A fifth of the rows changed, or the table grew by half: what the planner knows is of another table. */
    private static final String STALE = """
            select c.reltuples < 0
                or pg_relation_size(c.oid) / current_setting('block_size')::bigint > 8 + c.relpages * 1.5
                or coalesce(pg_stat_get_mod_since_analyze(c.oid), 0) > 1000 + 0.2 * c.reltuples
            from pg_catalog.pg_class c where c.oid::bigint = {0}
            """;

    static Volume of(DSLContext tx, Key key) {
        return tx.select(field("reltuples::bigint", Long.class), field("relpages::bigint", Long.class))
                .from("pg_catalog.pg_class")
                .where(field("oid::bigint", Long.class).eq(Sql.oid(key.table())))
                .fetchSingle(row -> new Volume(row.value1(), row.value2()));
    }

    /** Whether the catalog knows nothing of the table, or what it was a while ago. */
    static boolean stale(DSLContext tx, Table<?> table) {
        return tx.fetchSingle(STALE, Sql.oid(table)).get(0, Boolean.class);
    }
}
