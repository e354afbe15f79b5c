package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;
import runbook.spi.Migration;

/** How much there is to move. */
public final class Volumes {

    private Volumes() {}

    /**
     * One table of the old shape.
     *
     * @param present whether it is there at all
     * @param estimated rows by the statistics; null before the first ANALYZE
     * @param exact rows counted, when that was asked for
     * @param bytes with indexes and out-of-line values
     */
    public record Volume(
            String table,
            boolean present,
            @Nullable Long estimated,
            @Nullable Long exact,
            long bytes) {}

    /** The touched tables; an exact count reads each of them whole. */
    public static List<Volume> of(Target target, Migration migration, boolean exact) {
        return migration.tables().stream()
                .map(table -> of(target, table, exact))
                .sorted(Comparator.comparing(Volume::table))
                .toList();
    }

    /** Tables of the old or the new shape that are there and hold a row. */
    public static List<String> filled(Target target, Migration migration) {
        return Stream.concat(migration.tables().stream(), migration.created().stream())
                .filter(table -> present(target, table) && target.dsl().fetchExists(table))
                .map(Sql::shown)
                .sorted()
                .toList();
    }

    static boolean present(Target target, Table<?> table) {
        return target.dsl()
                .select(field("to_regclass({0}) is not null", Boolean.class, inline(Sql.quoted(table))))
                .fetchSingle()
                .value1();
    }

    private static Volume of(Target target, Table<?> table, boolean exact) {
        var found = target.dsl()
                .select(field("reltuples", Float.class), field("pg_total_relation_size(oid)", Long.class))
                .from("pg_catalog.pg_class")
                .where("oid = to_regclass({0})", inline(Sql.quoted(table)))
                .fetchOne();
        if (found == null) {
            return new Volume(Sql.shown(table), false, null, null, 0);
        }
        float tuples = found.value1();
        return new Volume(
                Sql.shown(table),
                true,
                tuples < 0 ? null : (long) tuples,
                exact ? (long) target.dsl().fetchCount(table) : null,
                found.value2());
    }
}
