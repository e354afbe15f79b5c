package runbook.engine;

import static org.jooq.impl.DSL.array;
import static org.jooq.impl.DSL.arrayRemove;
import static org.jooq.impl.DSL.asterisk;
import static org.jooq.impl.DSL.castNull;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.function;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.list;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.trueCondition;
import static org.jooq.impl.DSL.when;
import static org.jooq.impl.DSL.with;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.SQLDialect;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import runbook.spi.Comparison;

/**
 * The statements that hold both shapes of a comparison against each other. Each sees both at one snapshot, and puts them
 * into one set of rows first, so that the columns get the types that {@code UNION} and {@code EXCEPT} give them.
 *
 * <p>A fingerprint is the number of rows and the sum of their hashes. A sum, since rows that are there twice cancel each
 * other in an XOR. Of hashes that were mixed once more, since {@code hash_record_extended} adds the hashes of its columns,
 * each times a power of 31: in a plain sum, two rows that swapped their values often leave it as it was. With a seed that
 * is not zero, since with zero the hash of {@code NULL} is that of {@code 0.0}. PostgreSQL's hashes are not the same in
 * each version and on each machine, which does not matter within one statement, and none is kept.
 */
record Contrast(Comparison comparison, List<Column> columns) {

    /**
     * What a text, a hash or a sum could depend on. The pool's sessions are pinned too; here nothing relies on that. One
     * slot is one core, so none has helpers, and a chunk is over before compiled code would pay.
     */
    static final String SETTINGS = String.join(
            "; ",
            "set local timezone = 'UTC'",
            "set local datestyle = 'ISO, YMD'",
            "set local intervalstyle = 'iso_8601'",
            "set local bytea_output = 'hex'",
            "set local extra_float_digits = 1",
            "set local xmloption = 'content'",
            "set local xmlbinary = 'base64'",
            "set local lc_monetary = 'C'",
            "set local search_path = pg_catalog, pg_temp",
            "set local max_parallel_workers_per_gather = 0",
            "set local jit = off");

    /** The golden ratio's 64 bits: no value that a hash is likely to begin from. */
    private static final long SEED = 0x9E3779B97F4A7C15L;

    /** Characters of a key's rows: they are for people, and several hundred keys are in memory at once. */
    private static final int LONGEST = 10_000;

    private static final Field<Boolean> OLD = field(name("both", "old"), Boolean.class);

    Contrast {
        columns = List.copyOf(columns);
    }

    /** A column of both sides; its field is named by place, since two may have the same name, or none. */
    record Column(String name, Field<?> field, Reading reading) {

        static List<Column> of(List<String> names, List<Reading> readings) {
            List<Column> columns = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                columns.add(new Column(names.get(i), DSL.field(DSL.name("both", "c" + (i + 1))), readings.get(i)));
            }
            return columns;
        }

        static List<Column> asTheyAre(List<String> names) {
            return of(names, names.stream().map(name -> Reading.ITSELF).toList());
        }
    }

    /** What both sides of a chunk come to. */
    record Sides(
            long oldRows,
            @Nullable BigDecimal oldSum,
            long newRows,
            @Nullable BigDecimal newSum) {

        boolean equal() {
            return oldRows == newRows && Objects.equals(oldSum, newSum);
        }
    }

    /** Asks the server for the columns and their types; nothing is read. */
    static Contrast of(DSLContext tx, Comparison comparison) {
        List<String> names = Stream.of(tx.select(asterisk())
                        .from(sides(comparison, noCondition()).asTable("both"))
                        .where(falseCondition())
                        .fetch()
                        .fields())
                .skip(1)
                .map(Field::getName)
                .toList();
        Contrast unread = new Contrast(comparison, Column.asTheyAre(names));
        List<Field<Long>> types = new ArrayList<>();
        unread.columns.forEach(
                column -> types.add(field("pg_catalog.pg_typeof({0})::oid::bigint", Long.class, column.field())));
        Long[] oids = tx.select(types)
                .from(selectOne().asTable("one"))
                .leftJoin(select(asterisk())
                        .from(unread.both(noCondition()))
                        .where(falseCondition())
                        .asTable("both"))
                .on(trueCondition())
                .fetchSingle()
                .into(Long[].class);
        return new Contrast(comparison, Column.of(names, Reading.of(tx, oids)));
    }

    /** As far as the description alone tells; as what its columns are read is the server's to say. */
    static Contrast described(Comparison comparison) {
        List<Field<?>> given = comparison.before().apply(noCondition()).getSelect();
        List<Field<?>> known = given.isEmpty() ? comparison.key().fields() : given;
        return new Contrast(
                comparison, Column.asTheyAre(known.stream().map(Field::getName).toList()));
    }

    /** Names the statement: what another one has found says nothing about this one. */
    String definition() {
        return Json.sha256(DSL.using(SQLDialect.POSTGRES, Target.RENDERING).renderInlined(fingerprints(noCondition())));
    }

    /** Count and sum of either side, in one statement. */
    Select<?> fingerprints(Condition chunk) {
        Field<Long> hash = hash(columns);
        return select(
                        count().filterWhere(OLD).as("old_rows"),
                        sum(hash).filterWhere(OLD).as("old_sum"),
                        count().filterWhere(not(OLD)).as("new_rows"),
                        sum(hash).filterWhere(not(OLD)).as("new_sum"))
                .from(both(chunk));
    }

    Sides fingerprints(DSLContext tx, Condition chunk) {
        Record found = Objects.requireNonNull(tx.fetchOne(fingerprints(chunk)));
        return new Sides(
                found.get("old_rows", Long.class),
                found.get("old_sum", BigDecimal.class),
                found.get("new_rows", Long.class),
                found.get("new_sum", BigDecimal.class));
    }

    /**
     * The keys whose rows differ, by the hashes that the fingerprints are made of.
     *
     * @param most how many are told in full
     */
    Select<?> differences(Condition chunk, int most) {
        List<Field<?>> keys = keys();
        List<Field<?>> found = new ArrayList<>(keys);
        found.add(count().over().as("keys"));
        List<Field<?>> theirs = new ArrayList<>();
        keys.forEach(key -> theirs.add(field(name("differing", key.getName()))));
        Field<Long> total = field(name("differing", "keys"), Long.class);
        List<Field<?>> grouped = new ArrayList<>(keys);
        grouped.add(total);
        return with(name("both").as(select(asterisk()).from(both(chunk))))
                .with(name("differing")
                        .as(select(found)
                                .from(name("both"))
                                .groupBy(keys)
                                .having(differ(columns))
                                .orderBy(keys)
                                .limit(inline(most))))
                .select(told(total))
                .from(name("both"))
                .join(name("differing"))
                .on(row(keys).eq(row(theirs)))
                .groupBy(grouped)
                .orderBy(keys);
    }

    Difference.Several differences(DSLContext tx, Condition chunk, int most) {
        Result<? extends Record> rows = tx.fetch(differences(chunk, most));
        return new Difference.Several(
                rows.isEmpty() ? 0 : rows.get(0).get("keys", Long.class), rows.map(this::difference));
    }

    private List<Field<?>> told(Field<Long> total) {
        List<Field<?>> told = new ArrayList<>(Sql.texts(keys()));
        List<Field<String>> differing = new ArrayList<>();
        values().forEach(column -> differing.add(when(differ(List.of(column)), inline(column.name()))));
        told.add(total.as("keys"));
        told.add(count().filterWhere(OLD).as("old_rows"));
        told.add(count().filterWhere(not(OLD)).as("new_rows"));
        told.add((differing.isEmpty()
                        ? DSL.castNull(SQLDataType.CLOB.array())
                        : arrayRemove(array(differing), castNull(SQLDataType.CLOB)))
                .as("columns"));
        Field<JSONB> rows = field(
                "jsonb_build_object('old', coalesce(jsonb_agg({0}) filter (where {1}), '[]'),"
                        + " 'new', coalesce(jsonb_agg({0}) filter (where not {1}), '[]'))",
                JSONB.class, shown(), OLD);
        told.add(field(
                        "case when length({0}::text) <= {1} then {0}"
                                + " else jsonb_build_object('characters, too many to be kept', length({0}::text)) end",
                        JSONB.class, rows, inline(LONGEST))
                .as("rows"));
        return told;
    }

    private Difference difference(Record row) {
        boolean inOld = row.get("old_rows", Long.class) > 0;
        boolean inNew = row.get("new_rows", Long.class) > 0;
        String[] differing = row.get("columns", String[].class);
        List<String> named = differing == null || differing.length == 0
                ? values().stream().map(Column::name).toList()
                : List.of(differing);
        List<String> key = new ArrayList<>();
        for (int i = 0; i < keys().size(); i++) {
            key.add(row.get(i, String.class));
        }
        return new Difference(
                key,
                inOld && inNew ? null : inOld ? "old" : "new",
                inOld && inNew ? named : List.of(),
                row.get("rows", JSONB.class));
    }

    private static Condition differ(List<Column> which) {
        Field<Long> hash = hash(which);
        return sum(hash).filterWhere(OLD).isDistinctFrom(sum(hash).filterWhere(not(OLD)));
    }

    /** The mixing is Jenkins's final step, by which PostgreSQL makes 64 bits of a number and a seed. */
    private static Field<Long> hash(List<Column> which) {
        List<Field<?>> hashed = new ArrayList<>();
        which.forEach(column -> hashed.add(column.reading().hashed(column.field())));
        return field(
                "pg_catalog.hashint4extended(0, pg_catalog.hash_record_extended(row({0}), {1}))",
                Long.class, list(hashed), inline(SEED));
    }

    private Field<?> shown() {
        return function(
                name("pg_catalog", "jsonb_object"),
                JSONB.class,
                array(columns.stream().map(column -> inline(column.name())).toList()),
                array(Sql.texts(fields(columns))));
    }

    private List<Field<?>> keys() {
        return fields(columns.subList(0, comparison.key().columns().size()));
    }

    private List<Column> values() {
        return columns.subList(comparison.key().columns().size(), columns.size());
    }

    private static List<Field<?>> fields(List<Column> which) {
        List<Field<?>> fields = new ArrayList<>();
        which.forEach(column -> fields.add(column.field()));
        return fields;
    }

    private Table<?> both(Condition chunk) {
        List<String> names = new ArrayList<>(List.of("old"));
        columns.forEach(column -> names.add(column.field().getName()));
        return sides(comparison, chunk).asTable("both", names.toArray(String[]::new));
    }

    private static Select<?> sides(Comparison comparison, Condition chunk) {
        return select(inline(true), asterisk())
                .from(comparison.before().apply(chunk).asTable("old_shape"))
                .unionAll(select(inline(false), asterisk())
                        .from(comparison.after().apply(chunk).asTable("new_shape")));
    }
}
