package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Select;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import runbook.engine.Contrast.Column;
import runbook.spi.Comparison;

/** What counts as equal, type by type: the fingerprint says what {@code EXCEPT} says, of every two values. */
class ReadingTest extends OneComparison {

    @BeforeEach
    void types() {
        rig.sql("insert into copying.units values (1, 'v')");
        rig.sql("create type public.mood as enum ('sad', 'glad')");
        rig.sql("create domain public.amount as numeric check (value is distinct from 3)");
        rig.sql("create domain public.big as bigint");
        rig.sql("create type public.pair as (a numeric, b text)");
        rig.sql("create collation public.folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
    }

    /** The type, how it is read, and values; two of them are equal or different as the server's own EXCEPT says. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    smallint | ITSELF | 0; 1; -1; 32767
                    integer | ITSELF | 0; 1; -1; 2147483647
                    bigint | INT8 | 0; 1; -1; 4294967295; 4294967296; 4294967297; -9223372036854775808
                    public.big | INT8 | 0; 1; -1; 4294967295
                    numeric | NUMERIC | 0; 0.00; 1; 1.0; 1.00; -1; 10; 10000; 0.0001; NaN; Infinity; -Infinity
                    public.amount | NUMERIC | 0; 1; 1.0; -1; NaN; Infinity
                    real | ITSELF | 0; -0; 0.1; -0.1; NaN; Infinity; -Infinity; 1e-45
                    double precision | ITSELF | 0; -0; 0.1; -0.1; 0.1000000000000001; NaN; Infinity; -Infinity
                    text | ITSELF | ''; a; A; 'a '; ab; é
                    varchar(5) | ITSELF | ''; a; A; 'a '; ab
                    char(5) | ITSELF | ''; a; A; 'a '; ab
                    name | ITSELF | a; A; ab
                    "char" | ITSELF | a; A
                    text collate public.folding | ITSELF | a; A; b; ''
                    bytea | ITSELF | \\x; \\x00; \\x0000; \\xff
                    boolean | ITSELF | true; false
                    date | ITSELF | 2024-01-31; 2024-02-01; infinity; -infinity; 0044-03-15 BC
                    time | TIME | 00:00; 12:00; 12:00:00.000001; 24:00
                    timetz | TIMETZ | 12:00+00; 12:00+01; 13:00+01; 00:00+00; 01:11:34.967297+00
                    timestamp | TIMESTAMP | 2024-01-31 12:00; 2024-01-31 12:00:00.000001; infinity; 1999-12-31 23:59:59
                    timestamptz | TIMESTAMPTZ | 2024-01-31 12:00+00; 2024-01-31 13:00+01; 2024-01-31 13:00+00; infinity
                    interval | INTERVAL | 24 hours; 1 day; 1 mon; 30 days; 1 mon -30 days; -1 day; 0; 01:11:34.967297; 1 year; 360 days
                    pg_lsn | PG_LSN | 0/0; 0/1; 1/0; 1/1; FFFFFFFF/FFFFFFFF
                    xid8 | XID8 | 0; 1; 4294967296; 4294967297; 18446744073709551615
                    uuid | ITSELF | 00000000-0000-0000-0000-000000000000; 00000000-0000-0000-0000-000000000001
                    inet | ITSELF | 10.0.0.1; 10.0.0.1/8; 10.0.0.0/8; ::1
                    cidr | ITSELF | 10.0.0.0/8; 10.0.0.0/16; ::1
                    macaddr | ITSELF | 08:00:2b:01:02:03; 08:00:2b:01:02:04
                    oid | ITSELF | 0; 1
                    public.mood | ITSELF | sad; glad
                    bit(3) | TEXT | 101; 100
                    varbit | TEXT | 1; 10; 100
                    aclitem | TEXT | app=r/runbook; runbook=r/app; app=w/runbook
                    money | TEXT | 0; 1; -1
                    json | TEXT | {"a":1,"b":2}; {"b":2,"a":1}; {"a": 1,"b":2}; null
                    jsonb | TEXT | {"a":1,"b":2}; {"b":2,"a":1}; {"a": 1,"b":2}; {"a":1,"b":-2}; {"a":1.0,"b":2}; null; [1,2]; [2,1]
                    xml | TEXT | <a/>; <a></a>; <b/>
                    point | TEXT | (0,0); (0,1); (0.1,0.2)
                    box | TEXT | (0,0),(1,1); (1,1),(0,0); (0,0),(2,2)
                    tsvector | TEXT | a b; b a; a:1 b; a
                    integer[] | TEXT | {1,2}; {2,1}; {{1},{2}}; [0:1]={1,2}; {}; {NULL}
                    numeric[] | TEXT | {1}; {-1}; {1.0}
                    text[] | TEXT | {a,b}; {ab}; {"a,b"}; {NULL}; {"NULL"}
                    int4range | TEXT | [1,3); [1,2]; (0,3); empty
                    numrange | TEXT | [1,3); [-1,3); [1,3]
                    tstzrange | TEXT | [2024-01-31 12:00+00,); [2024-01-31 13:00+01,); (2024-01-31 12:00+00,)
                    int8multirange | TEXT | {[1,3)}; {[1,2),[2,3)}; {[-1,3)}
                    public.pair | TEXT | (1,a); (1,A); (-1,a); (,); (1,)
                    """)
    void fingerprints_say_what_except_says(String type, Reading reading, String values) {
        List<String> all = new ArrayList<>(List.of("null::" + declared(type)));
        for (String value : values.split("; ")) {
            all.add("'" + value.replaceAll("^'|'$", "") + "'::" + declared(type) + collated(type));
        }
        for (String one : all) {
            for (String other : all) {
                says(reading, one, other);
            }
        }
    }

    private static String declared(String type) {
        return type.replaceAll(" collate .*", "");
    }

    private static String collated(String type) {
        return type.contains(" collate ") ? type.replaceAll(".* collate", " collate") : "";
    }

    private void says(Reading reading, String one, String other) {
        Comparison comparison = rig.between(side(one), side(other));
        Contrast contrast = Contrast.of(rig.target.dsl(), comparison);
        Column column = contrast.columns().get(1);

        boolean equal = rig.target.atOneSnapshot(
                tx -> contrast.fingerprints(tx, noCondition()).equal());

        boolean same = rig.target
                        .dsl()
                        .fetchSingle(
                                "select count(*) from (select {0} except all select {1}) d",
                                reading.compared(field(one)), reading.compared(field(other)))
                        .get(0, Long.class)
                == 0;
        assertThat(equal).as(one + " against " + other).isEqualTo(same);
        assertThat(rig.target
                        .atOneSnapshot(tx -> contrast.differences(tx, noCondition(), 10))
                        .keys())
                .isEqualTo(same ? 0 : 1);
        assertThat(column.reading()).isEqualTo(reading);
    }

    private Function<Condition, Select<?>> side(String value) {
        return range -> select(rig.key().columns().get(0), field(value))
                .from(rig.key().table())
                .where(range);
    }

    @Test
    void elements_of_json_that_are_32_apart_and_changed_alike_differ() {
        String of =
                "(select jsonb_agg(case when i in (0, 32) then %s else 0 end order by i) from generate_series(0, 39) i)";

        assertThat(equal(of.formatted("1"), of.formatted("2"))).isFalse();
    }

    @Test
    void settings_of_the_session_do_not_matter() {
        rig.target.dsl().connection(session -> session.createStatement()
                .execute("set extra_float_digits = -15; set intervalstyle = 'postgres'"));

        assertThat(equal("'(0.12,0)'::point", "'(0.123456789,0)'::point")).isFalse();
    }

    private boolean equal(String one, String other) {
        Contrast contrast = Contrast.of(rig.target.dsl(), rig.between(side(one), side(other)));
        return rig.target.atOneSnapshot(tx -> {
            tx.execute(Contrast.SETTINGS);
            return contrast.fingerprints(tx, noCondition()).equal();
        });
    }
}
