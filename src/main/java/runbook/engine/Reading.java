package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.function;
import static org.jooq.impl.DSL.val;

import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * How the values of one column are read, which says what counts as equal. Two values have the same reading exactly when
 * the type's {@code =} holds them to be equal: {@code 1.0} and {@code 1.00}, {@code -0.0} and {@code 0.0}, NaN and NaN, a
 * {@code char(5)} with and without trailing blanks, {@code '24 hours'} and {@code '1 day'}, what {@code citext} or a
 * nondeterministic collation folds. Types without an {@code =} to hash by, and composed ones (arrays, ranges, rows,
 * {@code jsonb}), are read as their text: the order of keys in {@code jsonb} does not count, {@code 1} against
 * {@code 1.0} within one does, and in {@code json} and {@code xml} every blank counts.
 *
 * <p>The hash of a type may be the same where {@code =} is not, so values whose hash leaves something out are hashed by
 * something that leaves nothing out. In PostgreSQL's sources: {@code hash_numeric_extended} ignores the sign, and takes NaN
 * and both infinities for one; {@code hashint8extended}, which times, timestamps, intervals, {@code pg_lsn} and
 * {@code xid8} use too, folds 64 bits to 32, so that -1 and 4294967295 are one; {@code hash_array_extended} ignores
 * dimensions; {@code JsonbHashScalarValueExtended} rotates by one bit, so that elements 32 apart may change places;
 * {@code hash_range_extended} hashes its bounds by all of these; {@code hash_aclitem} adds up the parts of a privilege.
 */
enum Reading {
    ITSELF,
    TEXT,
    NUMERIC,
    INT8("int8send"),
    TIME("time_send"),
    TIMESTAMP("timestamp_send"),
    TIMESTAMPTZ("timestamptz_send"),
    TIMETZ("timetz_send"),
    INTERVAL("interval_send"),
    PG_LSN("pg_lsn_send"),
    XID8("xid8send");

    private static final Map<String, Reading> FOLDED = Map.of(
            "numeric", NUMERIC,
            "int8", INT8,
            "time", TIME,
            "timestamp", TIMESTAMP,
            "timestamptz", TIMESTAMPTZ,
            "timetz", TIMETZ,
            "interval", INTERVAL,
            "pg_lsn", PG_LSN,
            "xid8", XID8,
            "aclitem", TEXT);

    /** The types of {0} as {@code declared (place, type)}; a domain is there itself and as what it is over. */
    static final String DECLARED = """
            with recursive declared (place, type) as (
                select g.place, g.type from unnest({0}::oid[]) with ordinality g (type, place)
                union all
                select d.place, t.typbasetype from declared d join pg_catalog.pg_type t on t.oid = d.type
                where t.typtype = 'd')
            """;

    /**
     * A type is hashed by the default operator class that takes it, or what it is binary coercible to, as PostgreSQL's
     * {@code GetDefaultOpClass} finds it; hashed with a seed by that class's support function 2.
     */
    private static final String TYPES = DECLARED + """
            select t.typname::text as name, t.typnamespace = 'pg_catalog'::regnamespace as builtin,
                t.typtype = 'e' or t.typtype = 'b' and exists (
                    select from pg_catalog.pg_opclass o
                    join pg_catalog.pg_am m on m.oid = o.opcmethod and m.amname = 'hash'
                    join pg_catalog.pg_amproc p on p.amprocfamily = o.opcfamily and p.amprocnum = 2
                        and p.amproclefttype = o.opcintype
                    where o.opcdefault and (o.opcintype = t.oid or exists (
                        select from pg_catalog.pg_cast c
                        where c.castsource = t.oid and c.casttarget = o.opcintype
                          and c.castmethod = 'b' and c.castcontext = 'i'))) as hashed
            from declared d join pg_catalog.pg_type t on t.oid = d.type
            where t.typtype <> 'd' order by d.place
            """;

    private final String send;

    Reading() {
        this("");
    }

    /** @param send gives all bytes of a value */
    Reading(String send) {
        this.send = send;
    }

    /** How columns of these types are read, domains like what they are over. */
    static List<Reading> of(DSLContext tx, Long... types) {
        return tx.resultQuery(TYPES, val(types)).fetch(Reading::of);
    }

    private static Reading of(Record type) {
        String name = type.get("name", String.class);
        boolean builtin = type.get("builtin", Boolean.class);
        if (!type.get("hashed", Boolean.class) || builtin && name.equals("jsonb")) {
            return TEXT;
        }
        return builtin ? FOLDED.getOrDefault(name, ITSELF) : ITSELF;
    }

    /** What is hashed of a value: the same exactly for values that count as equal. */
    Field<?> hashed(Field<?> column) {
        return switch (this) {
            case ITSELF -> column;
            case TEXT -> compared(column);
            case NUMERIC -> field("pg_catalog.trim_scale({0})::text", String.class, column);
            // 24 hours are a day and 30 days a month to its =, so it is brought to the one form in which they are.
            case INTERVAL -> sent(function(DSL.name("pg_catalog", "justify_interval"), SQLDataType.OTHER, column));
            case INT8, TIME, TIMESTAMP, TIMESTAMPTZ, TIMETZ, PG_LSN, XID8 -> sent(column);
        };
    }

    private Field<?> sent(Field<?> value) {
        return function(DSL.name("pg_catalog", send), SQLDataType.BLOB, value);
    }

    /** What the type's own {@code =} is asked about, where one is. */
    Field<?> compared(Field<?> column) {
        return this == TEXT ? column.cast(SQLDataType.CLOB) : column;
    }
}
