package runbook.engine;

import static org.jooq.impl.DSL.field;

import org.jooq.DSLContext;
import runbook.spi.Key;

/**
 * What the catalog knows of a table's size, as of its newest ANALYZE or VACUUM; nothing is counted.
 *
 * @param rows −1 where nobody has looked
 */
record Volume(long rows, long blocks) {

    static Volume of(DSLContext tx, Key key) {
        return tx.select(field("reltuples::bigint", Long.class), field("relpages::bigint", Long.class))
                .from("pg_catalog.pg_class")
                .where(field("oid::bigint", Long.class).eq(Sql.oid(key.table())))
                .fetchSingle(row -> new Volume(row.value1(), row.value2()));
    }

    boolean unknown() {
        return rows < 0;
    }
}
