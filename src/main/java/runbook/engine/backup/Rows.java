package runbook.engine.backup;

import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Query;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.impl.DSL;

/**
 * Rows as text. A row's text is the output of its types under pinned settings, which is also what COPY writes: it exists
 * for every type, tells 1.0 from 1.00 and null from an empty text, and does not depend on a collation.
 */
final class Rows {

    /** Hashed on both servers before fingerprints are compared. */
    static final String PROBE = "Runbook 0123456789";

    private Rows() {}

    /** A row as one comparable text. */
    static Field<String> text(List<? extends QueryPart> columns) {
        return DSL.field("row({0})::text collate \"C\"", String.class, DSL.list(columns));
    }

    /** Saves a table; a column list keeps the file independent of the order of columns. */
    static Query copyOut(TableName table, List<Name> columns) {
        return columns.isEmpty()
                ? DSL.query("copy {0} to stdout", table.quoted())
                : DSL.query("copy {0} ({1}) to stdout", table.quoted(), DSL.list(columns));
    }

    /** Fills a table from a file. */
    static Query copyIn(Name table, List<Name> columns) {
        return columns.isEmpty()
                ? DSL.query("copy {0} from stdin", table)
                : DSL.query("copy {0} ({1}) from stdin", table, DSL.list(columns));
    }

    /** Reads a table as texts of its rows. */
    static Query copyTexts(TableName table, List<Name> columns) {
        return DSL.query("copy (select {0} from only {1}) to stdout", text(columns), table.quoted());
    }

    /** How many rows, and the sum of their hashes: equal rows add up to equal sums in any order. */
    record Fingerprint(long rows, String sum) {}

    static Fingerprint fingerprint(DSLContext dsl, TableName table, List<Name> columns) {
        Record counted = dsl.fetchSingle(
                "select pg_catalog.count(*) as found,"
                        + " coalesce(pg_catalog.sum(pg_catalog.hashtextextended({0}, 0)::numeric), 0)::text as summed"
                        + " from only {1}",
                text(columns), table.quoted());
        return new Fingerprint(counted.get("found", Long.class), counted.get("summed", String.class));
    }

    /** What this server hashes the probe to. */
    static String probe(DSLContext dsl) {
        return dsl.fetchSingle(
                        "select pg_catalog.hashtextextended({0} collate \"C\", 0)::text as probe", DSL.inline(PROBE))
                .get("probe", String.class);
    }
}
