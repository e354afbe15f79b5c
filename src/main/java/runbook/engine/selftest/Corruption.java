package runbook.engine.selftest;

import java.util.List;

/**
 * One way to spoil the value of a column; {@code {0}} stands for the column.
 *
 * @param types of PostgreSQL that it is known for; {@code enum} stands for all of those
 * @param suits which rows it can be planted in
 * @param becomes what the value becomes
 * @param equal whether the value is still the same to PostgreSQL, so that a check must not mind
 */
record Corruption(String name, List<String> types, String suits, String becomes, boolean equal) {

    private static final List<String> TEXTS = List.of("text", "varchar", "bpchar", "citext", "name");
    private static final List<String> WHOLE = List.of("int2", "int4", "int8");
    private static final List<String> FLOATS = List.of("float4", "float8");
    private static final List<String> MOMENTS = List.of("timestamp", "timestamptz");
    private static final List<String> LENGTHS = List.of("time", "timetz", "interval");

    private static final String FLIPPED = "a flipped byte";
    private static final String NULL_TO_EMPTY = "NULL becomes ''";
    private static final String CUT = "cut precision";
    private static final String BLANK = "a trailing blank";
    private static final String CASE = "other case";

    private static final String UPPER_OR_LOWER =
            "case when upper({0}::text) <> {0}::text then upper({0}::text) else lower({0}::text) end";

    /** Values of one column. Types that pad blanks, or know no case, take both sides for equal. */
    static final List<Corruption> OF_VALUES = List.of(
            spoils(
                    FLIPPED,
                    TEXTS,
                    "ascii({0}::text) > 32",
                    "overlay({0}::text placing chr(ascii({0}::text) # 1) from 1 for 1)"),
            spoils(FLIPPED, WHOLE, "true", "{0} # 1"),
            spoils(FLIPPED, List.of("numeric", "float4", "float8"), "{0} + 1 <> {0}", "{0} + 1"),
            spoils(FLIPPED, List.of("bool"), "true", "not {0}"),
            spoils(FLIPPED, List.of("bytea"), "length({0}) > 0", "set_byte({0}, 0, get_byte({0}, 0) # 1)"),
            spoils(
                    FLIPPED,
                    List.of("uuid"),
                    "true",
                    "overlay({0}::text placing"
                            + " translate(right({0}::text, 1), '0123456789abcdef', '1032547698badcfe') from 36 for 1)::uuid"),
            spoils(FLIPPED, List.of("json", "jsonb"), "true", "jsonb_build_array({0})"),
            spoils(FLIPPED, List.of("date"), "isfinite({0})", "{0} + 1"),
            spoils(FLIPPED, MOMENTS, "isfinite({0})", "{0} - interval '1 microsecond'"),
            spoils(FLIPPED, LENGTHS, "true", "{0} + interval '1 microsecond'"),
            spoils(
                    FLIPPED,
                    List.of("enum"),
                    "array_length(enum_range({0}), 1) > 1",
                    "(select e from unnest(enum_range({0})) e where e <> {0} limit 1)"),
            new Corruption(NULL_TO_EMPTY, List.of("text", "varchar", "citext"), "{0} is null", "''", false),
            spoils("'' becomes NULL", List.of("text", "varchar", "citext"), "{0} = ''", "null"),
            spoils(CUT, MOMENTS, "isfinite({0}) and date_trunc('second', {0}) <> {0}", "date_trunc('second', {0})"),
            spoils(
                    CUT,
                    List.of("numeric"),
                    "trunc({0}, greatest(scale({0}) - 1, 0)) <> {0}",
                    "trunc({0}, greatest(scale({0}) - 1, 0))"),
            spoils(
                    CUT,
                    List.of("float8"),
                    "abs({0}) between 1e-30 and 1e30 and {0}::float4::float8 <> {0}",
                    "{0}::float4::float8"),
            spoils("a shifted time zone", MOMENTS, "isfinite({0})", "{0} - interval '1 hour'"),
            spoils(BLANK, List.of("text", "varchar", "citext"), "{0} <> ''", "{0}::text || ' '"),
            same(BLANK, List.of("bpchar"), "true", "{0}::text || ' '"),
            spoils(CASE, List.of("text", "varchar", "bpchar"), "upper({0}::text) <> lower({0}::text)", UPPER_OR_LOWER),
            same(CASE, List.of("citext"), "upper({0}::text) <> lower({0}::text)", UPPER_OR_LOWER),
            same(
                    "jsonb keys in another order",
                    List.of("jsonb"),
                    "jsonb_typeof({0}) = 'object'",
                    "(select coalesce(jsonb_object_agg(k, {0} -> k order by k desc), '{}') from jsonb_object_keys({0}) k)"),
            spoils("NaN", List.of("numeric", "float4", "float8"), "{0} <> 'NaN'", "'NaN'"),
            same("0.0 becomes -0.0", FLOATS, "{0}::text = '0'", "'-0'"),
            same("1.0 becomes 1.00", List.of("numeric"), "{0} <> 'NaN'", "{0} * 1.0"));

    /** Any type's; a column that must have a value refuses it. */
    static final Corruption LOST = spoils("a lost value", List.of(), "true", "null");

    private static Corruption spoils(String name, List<String> types, String suits, String becomes) {
        return new Corruption(name, types, "{0} is not null and " + suits, becomes, false);
    }

    private static Corruption same(String name, List<String> types, String suits, String becomes) {
        return new Corruption(name, types, "{0} is not null and " + suits, becomes, true);
    }
}
