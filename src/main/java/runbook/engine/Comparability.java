package runbook.engine;

import static org.jooq.impl.DSL.asterisk;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.trueCondition;
import static org.jooq.impl.DSL.val;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Select;
import org.jooq.TableField;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import runbook.spi.Comparison;
import runbook.spi.Migration;

/**
 * Whether the columns of both sides can be held against each other. One set of rows has one type for each column, and
 * where the sides have two, {@code UNION} may choose one in which different values are equal: {@code double precision} for
 * a {@code numeric}, {@code char} for a {@code varchar}. Where a key is collated in two ways, the same range of it is other
 * keys on either side.
 */
final class Comparability {

    /** Types of one set meet in one that holds every value of each as it is. */
    private static final List<Set<String>> EXACT =
            List.of(Set.of("int2", "int4", "int8", "numeric"), Set.of("float4", "float8"), Set.of("text", "varchar"));

    /** As a description names the types that people mix up. */
    private static final Map<String, String> DESCRIBED = Map.ofEntries(
            Map.entry("smallint", "int2"),
            Map.entry("int", "int4"),
            Map.entry("integer", "int4"),
            Map.entry("bigint", "int8"),
            Map.entry("numeric", "numeric"),
            Map.entry("decimal", "numeric"),
            Map.entry("real", "float4"),
            Map.entry("double precision", "float8"),
            Map.entry("text", "text"),
            Map.entry("varchar", "varchar"),
            Map.entry("char", "bpchar"),
            Map.entry("date", "date"),
            Map.entry("timestamp", "timestamp"),
            Map.entry("timestamp with time zone", "timestamptz"));

    private static final DSLContext DIALECT = DSL.using(SQLDialect.POSTGRES);

    private static final String NO_COLLATION = "\"default\"";

    private static final String TYPES = Reading.DECLARED + """
            select t.oid::bigint as type, t.typname::text as name, pg_catalog.format_type(t.oid, null) as shown,
                t.typnamespace = 'pg_catalog'::regnamespace as builtin, l.name as collation,
                coalesce((select c.collisdeterministic from pg_catalog.pg_collation c
                          where l.name <> '"default"' and c.oid = l.name::regcollation), true) as deterministic
            from declared d join pg_catalog.pg_type t on t.oid = d.type
            join unnest({1}::text[]) with ordinality l (name, place) on l.place = d.place
            where t.typtype <> 'd' order by d.place
            """;

    /** Of other types the server refuses to tell one. */
    private static final String COLLATABLE = """
            select t.typcollation <> 0 from unnest({0}::oid[]) with ordinality g (type, place)
            join pg_catalog.pg_type t on t.oid = g.type order by g.place
            """;

    private final Comparison comparison;
    private final List<String> problems = new ArrayList<>();

    private Comparability(Comparison comparison) {
        this.comparison = comparison;
    }

    /** A column of one side; a domain is what it is over. */
    private record Typed(
            String name,
            long type,
            String base,
            String shown,
            boolean builtin,
            @Nullable String collation,
            boolean folds) {

        boolean meetsExactly(Typed other) {
            return type == other.type || builtin && other.builtin && exact(base, other.base);
        }

        boolean collatedAs(Typed other) {
            return String.valueOf(collation).equals(String.valueOf(other.collation));
        }

        /** A collation wins over none; what folds nothing leaves equal what was. */
        boolean comparableTo(Typed other) {
            boolean one = NO_COLLATION.equals(collation) || NO_COLLATION.equals(other.collation);
            return collatedAs(other) || one && !folds && !other.folds;
        }
    }

    private static boolean exact(String one, String other) {
        return one.equals(other) || EXACT.stream().anyMatch(set -> set.contains(one) && set.contains(other));
    }

    /** As far as the description alone tells, which knows the types of columns. */
    static List<String> described(Migration migration) {
        List<String> all = new ArrayList<>();
        for (Comparison comparison : migration.comparisons()) {
            Comparability one = new Comparability(comparison);
            List<Field<?>> before = comparison.before().apply(noCondition()).getSelect();
            List<Field<?>> after = comparison.after().apply(noCondition()).getSelect();
            for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
                one.described(i, before.get(i), after.get(i));
            }
            all.addAll(one.problems);
        }
        return all;
    }

    private void described(int place, Field<?> before, Field<?> after) {
        String old = DESCRIBED.get(typeOf(before));
        String younger = DESCRIBED.get(typeOf(after));
        if (before instanceof TableField
                && after instanceof TableField
                && old != null
                && younger != null
                && !exact(old, younger)) {
            differentTypes(column(place, before.getName()), typeOf(before), typeOf(after));
        }
    }

    private static String typeOf(Field<?> field) {
        return field.getDataType().getTypeName(DIALECT.configuration());
    }

    /** As the server has both sides; empty, too, where a side cannot be asked for yet. */
    static List<String> soFar(DSLContext dsl, Migration migration) {
        List<String> all = new ArrayList<>();
        for (Comparison comparison : migration.comparisons()) {
            try {
                all.addAll(problems(dsl, comparison));
            } catch (DataAccessException e) {
                if (Sql.away(e)) {
                    throw e;
                }
                // What a script after the copy brings is not there yet; the look itself asks again, and keeps the
                // error.
            }
        }
        return all;
    }

    /** As the server has both sides; nothing is read. */
    static List<String> problems(DSLContext dsl, Comparison comparison) {
        List<Typed> before = side(dsl, comparison.before().apply(noCondition()));
        List<Typed> after = side(dsl, comparison.after().apply(noCondition()));
        if (before.size() != after.size()) {
            return List.of("the comparison '" + comparison.claim() + "' reads " + before.size()
                    + " columns of the old shape and " + after.size() + " of the new one; give it the same ones.");
        }
        Comparability comparability = new Comparability(comparison);
        for (int i = 0; i < before.size(); i++) {
            comparability.compare(i, before.get(i), after.get(i));
        }
        return comparability.problems;
    }

    private void compare(int place, Typed before, Typed after) {
        boolean key = place < comparison.key().columns().size();
        String column = column(place, before.name());
        if (!before.meetsExactly(after)) {
            differentTypes(column, before.shown(), after.shown());
        } else if (key && !before.collatedAs(after)) {
            collations(
                    column + ", of its key,",
                    before,
                    after,
                    "so a range of keys is other keys there. Let the key"
                            + " have the collation of the old one: ALTER TABLE … ALTER COLUMN … TYPE " + after.shown()
                            + " COLLATE " + before.collation() + ".");
        } else if (!key && !before.comparableTo(after)) {
            collations(
                    column,
                    before,
                    after,
                    "which have no order, and may have no =, in common. Give both sides one"
                            + " collation in the comparison: COLLATE \"C\" where every letter counts.");
        }
    }

    private static String column(int place, String name) {
        return "column " + (place + 1) + " (" + name + ")";
    }

    private void differentTypes(String column, String before, String after) {
        problems.add("the comparison '" + comparison.claim() + "': " + column + " is " + before
                + " in the old shape and "
                + after + " in the new one; both would be compared as one of these, in which values that differ may be"
                + " equal. Cast it in the comparison, so that both sides have the same type.");
    }

    private void collations(String column, Typed before, Typed after, String why) {
        problems.add("the comparison '" + comparison.claim() + "': " + column + " has the collation "
                + before.collation() + " in the old shape and " + after.collation() + " in the new one, " + why);
    }

    private static List<Typed> side(DSLContext dsl, Select<?> side) {
        List<String> names =
                List.of(dsl.select(asterisk())
                                .from(side.asTable("side"))
                                .where(falseCondition())
                                .fetch()
                                .fields())
                        .stream()
                        .map(Field::getName)
                        .toList();
        String[] places = new String[names.size()];
        List<Field<?>> types = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            places[i] = "c" + (i + 1);
            types.add(field("pg_catalog.pg_typeof({0})::oid::bigint", Long.class, field(name("side", places[i]))));
        }
        Long[] oids = ask(dsl, side, places, types).into(Long[].class);
        List<Boolean> collatable = dsl.resultQuery(COLLATABLE, val(oids)).fetch(0, Boolean.class);
        List<Field<?>> collations = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            Field<?> column = field(name("side", places[i]));
            collations.add(
                    collatable.get(i)
                            ? field("pg_catalog.pg_collation_for({0})", String.class, column)
                            : inline(null, String.class));
        }
        return typed(dsl, names, oids, ask(dsl, side, places, collations).into(String[].class));
    }

    /** A row is given though none is read. */
    private static Record ask(DSLContext dsl, Select<?> side, String[] places, List<Field<?>> what) {
        return dsl.select(what)
                .from(selectOne().asTable("one"))
                .leftJoin(select(asterisk())
                        .from(side.asTable("side", places))
                        .where(falseCondition())
                        .asTable("side"))
                .on(trueCondition())
                .fetchSingle();
    }

    private static List<Typed> typed(DSLContext dsl, List<String> names, Long[] types, String[] collations) {
        List<Typed> typed = new ArrayList<>();
        dsl.resultQuery(TYPES, val(types), val(collations))
                .forEach(row -> typed.add(new Typed(
                        names.get(typed.size()),
                        row.get("type", Long.class),
                        row.get("name", String.class),
                        row.get("shown", String.class),
                        row.get("builtin", Boolean.class),
                        row.get("collation", String.class),
                        !row.get("deterministic", Boolean.class))));
        return typed;
    }
}
