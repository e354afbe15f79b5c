package runbook.engine;

import static java.util.stream.Collectors.joining;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.name;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import runbook.spi.Backfill;
import runbook.spi.Claimed;
import runbook.spi.Comparison;
import runbook.spi.Key;
import runbook.spi.Migration;

/** Whether backfills can go batch by batch: their tables are there, their keys order them, their queries heed a range. */
final class Readiness {

    /** Stands for a range; a query that heeds it has it somewhere in its text. */
    private static final String RANGE = "runbook_range";

    private static final String IGNORES =
            " ignores its range: it gives all rows, whatever part is asked for. Put the condition that it is given into"
                    + " the query's WHERE.";

    private static final String NULLABLE = """
            select a.attname::text from pg_catalog.pg_attribute a
            where a.attrelid::bigint = {0} and a.attnum > 0 and not a.attisdropped and not a.attnotnull
            """;

    /** Ascending, and over the key alone: only then is the key's order the index's, and a key one row. */
    private static final String UNIQUE = """
            select array_agg(a.attname::text order by k.place) as columns
            from pg_catalog.pg_index i
            join pg_catalog.pg_class c on c.oid = i.indexrelid
            join pg_catalog.pg_am m on m.oid = c.relam and m.amname = 'btree'
            cross join lateral unnest(i.indkey[0 : i.indnkeyatts - 1]) with ordinality k (attnum, place)
            join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
            where i.indrelid::bigint = {0} and i.indisunique and i.indisvalid and i.indpred is null
              and i.indexprs is null and 0 = all (i.indoption)
            group by i.indexrelid
            """;

    private Readiness() {}

    /** Queries that ignore the range they are given: each batch would copy the whole source. */
    static List<String> unbounded(Migration migration) {
        List<String> found = new ArrayList<>();
        for (Backfill backfill : migration.backfills()) {
            if (backfill instanceof Claimed claimed && ignoresRange(claimed.source())) {
                found.add("the source of backfill '" + backfill.name() + "'" + IGNORES);
            }
        }
        for (Comparison comparison : migration.comparisons()) {
            if (ignoresRange(comparison.before()) || ignoresRange(comparison.after())) {
                found.add("a side of the comparison '" + comparison.claim() + "'" + IGNORES);
            }
        }
        return found;
    }

    private static boolean ignoresRange(Function<Condition, ? extends Query> query) {
        return !DSL.using(SQLDialect.POSTGRES)
                .render(query.apply(condition(DSL.field(name(RANGE), Boolean.class))))
                .contains(RANGE);
    }

    /** Tables that are not there once the schema phase is over. */
    static List<String> absent(DSLContext dsl, Backfill backfill) {
        List<Table<?>> tables = new ArrayList<>(List.of(backfill.unit().table(), backfill.target()));
        if (backfill instanceof Claimed claimed) {
            tables.add(claimed.claims().table());
        }
        return tables.stream()
                .distinct()
                .filter(table -> dsl.fetchValue(Sql.oid(table)) == null)
                .map(table -> "backfill '" + backfill.name() + "' needs table " + Sql.shown(table)
                        + ", which is not there. Let a script of the schema phase create it.")
                .toList();
    }

    /** What keeps a key from ordering and identifying its table's rows, as one problem with its cure. */
    static List<String> unordered(DSLContext dsl, Backfill backfill) {
        Key key = backfill.unit();
        List<String> columns = key.columns().stream().map(TableField::getName).toList();
        List<String> nullable = dsl.resultQuery(NULLABLE, Sql.oid(key.table())).fetch(0, String.class).stream()
                .filter(columns::contains)
                .toList();
        boolean unique = dsl.resultQuery(UNIQUE, Sql.oid(key.table())).fetch(0, String[].class).stream()
                .anyMatch(index -> List.of(index).equals(columns));
        if (nullable.isEmpty() && unique) {
            return List.of();
        }
        List<String> faults = new ArrayList<>();
        List<String> cures = new ArrayList<>();
        for (String column : nullable) {
            faults.add(column + " may be null");
            cures.add("ALTER TABLE " + Sql.quoted(key.table()) + " ALTER COLUMN " + name(column) + " SET NOT NULL;");
        }
        if (!unique) {
            faults.add("no such index");
            cures.add("CREATE UNIQUE INDEX CONCURRENTLY ON " + Sql.quoted(key.table())
                    + columns.stream().map(column -> name(column).toString()).collect(joining(", ", " (", ");")));
        }
        return List.of("backfill '" + backfill.name() + "' reads " + Sql.shown(key.table()) + " by ("
                + String.join(", ", columns)
                + "), which needs a valid unique index over exactly these columns in this order, all not null; found: "
                + String.join("; ", faults) + ". " + String.join(" ", cures));
    }
}
