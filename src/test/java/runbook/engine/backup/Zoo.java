package runbook.engine.backup;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** One table of nearly every kind of column and value, and tables of every kind of name, key and dependency. */
final class Zoo {

    private static final List<String> SQL = List.of(
            "create schema \"Zoo ä/1\"",
            "set search_path = pg_catalog",
            "create type \"Zoo ä/1\".mood as enum ('so-so', 'it''s \"fine\"', 'ö')",
            "create domain \"Zoo ä/1\".positive as integer default 1 constraint above_zero check (value > 0)",
            "create domain \"Zoo ä/1\".tiny as \"Zoo ä/1\".positive constraint below_ten check (value < 10)",
            "create type \"Zoo ä/1\".place as (street text, \"no. of\" \"Zoo ä/1\".tiny, feelings \"Zoo ä/1\".mood[])",
            "create type \"Zoo ä/1\".spell as range (subtype = interval)",
            "create collation \"Zoo ä/1\".plain from \"C\"",
            "create function \"Zoo ä/1\".twice(n integer) returns integer immutable language sql"
                    + " as $$ select n * 2 /* ? {d '1'} */ $$",
            "create function \"Zoo ä/1\".atomic(n integer) returns integer immutable language sql"
                    + " begin atomic select \"Zoo ä/1\".twice(n); select \"Zoo ä/1\".twice(n) + 1; end",
            "create extension citext with schema \"Zoo ä/1\"",
            "create extension hstore with schema \"Zoo ä/1\"",
            "create sequence \"Zoo ä/1\".numbers increment by -3 maxvalue 50 start 50 cycle cache 2",
            """
            create table "Zoo ä/1"."all ""kinds"" ?{0}" (
                id bigint generated always as identity (start with 7 increment by 5) primary key,
                serial serial not null,
                drawn bigint not null default nextval('"Zoo ä/1".numbers'),
                "a ?b" smallint, "naïve, ""q"" %" integer default "Zoo ä/1".atomic(3),
                r real, d double precision, n numeric, n2 numeric(20, 4), m money,
                t text, v varchar(20), c char(5), b bpchar, col text collate "Zoo ä/1".plain,
                yes boolean, bytes bytea, bits bit(3), vbits bit varying(9),
                dt date, tm time(3), tz timetz, ts timestamp, tstz timestamptz, iv interval,
                u uuid, j json, jb jsonb, x xml, ip inet, net cidr, mac macaddr, p point, box box, path path,
                tv tsvector, tq tsquery, jp jsonpath, o oid, lsn pg_lsn, name name, ch "char",
                mood "Zoo ä/1".mood, moods "Zoo ä/1".mood[], pos "Zoo ä/1".positive, pl "Zoo ä/1".place,
                pls "Zoo ä/1".place[], days daterange, num nummultirange, spell "Zoo ä/1".spell,
                ints integer[], texts text[][], iva interval[], ci "Zoo ä/1".citext default 'X', hs "Zoo ä/1".hstore,
                dropped text,
                double_a integer generated always as ("a ?b" * 2) stored,
                constraint "check ?" check (jb is null or jb ? 'k' or jb <> '[]'),
                constraint later check (r > -1e30) not valid
            )
            """,
            "alter table \"Zoo ä/1\".\"all \"\"kinds\"\" ?{0}\" drop column dropped",
            "create unique index \"ix \"\"1\" on \"Zoo ä/1\".\"all \"\"kinds\"\" ?{0}\" (lower(t) text_pattern_ops desc)"
                    + " include (v) where id > 0 and (jb ? 'a' or jb is null or true)",
            "create index \"ix 2\" on \"Zoo ä/1\".\"all \"\"kinds\"\" ?{0}\" using gin (jb)",
            "create index on \"Zoo ä/1\".\"all \"\"kinds\"\" ?{0}\" (\"Zoo ä/1\".twice(\"a ?b\"))",
            "create table \"Zoo ä/1\".nothing ()",
            "create table \"Zoo ä/1\".computed (a integer, b integer generated always as (1) stored)",
            "create unlogged table \"Zoo ä/1\".keyless (a integer, b text)",
            """
            create table "Zoo ä/1".child (
                a integer, b integer, parent bigint references "Zoo ä/1"."all ""kinds"" ?{0}" on delete cascade,
                self integer, primary key (b, a), unique (a),
                foreign key (self) references "Zoo ä/1".child (a) deferrable initially deferred,
                exclude using gist (int4range(a, a, '[]') with &&))
            """,
            """
            insert into "Zoo ä/1"."all ""kinds"" ?{0}" (
                "a ?b", "naïve, ""q"" %", r, d, n, n2, m, t, v, c, b, col, yes, bytes, bits, vbits, dt, tm, tz, ts, tstz, iv,
                u, j, jb, x, ip, net, mac, p, box, path, tv, tq, jp, o, lsn, name, ch, mood, moods, pos, pl, pls, days,
                num, spell, ints, texts, iva)
            values
            (1, null, 'NaN', '-Infinity', 'NaN', 1.10, -12.34, '', 'x', 'ab', 'ab  ', 'ß', true, '\\x00ff5c0a09', B'101',
             B'1', '0044-03-15 BC', '24:00', '23:59:59.999999-15:59', '-infinity', 'infinity', '-1 years 2 mons -3 days 4:05:06.7',
             '00000000-0000-0000-0000-000000000000', '{"b":1, "a":1,"a":2}', '{"k": 1.0, "a": null}', '<a/>text<b/>',
             '::1/64', '10.0.0.0/8', '08:00:2b:01:02:03', '(1e-300,-0)', '((0,0),(1,1))', '[(0,0),(1,1)]', 'a:1A fat',
             'fat & (rat | cat)', '$.a[*] ? (@ > 1)', 4294967295, '16/B374D848', 'na me', 'c', 'it''s "fine"',
             array['ö', null]::"Zoo ä/1".mood[], 5, row ('Main, "St"', 3, array['so-so']::"Zoo ä/1".mood[]),
             array[row (null, null, null), row ('', 9, '{}')]::"Zoo ä/1".place[], 'empty', '{[1,2),(3,)}', '[1 day,2 mons)',
             '[0:1]={1,null}', '{{a,"b,c"},{"NULL",null}}', array['-1 day'::interval, '1 mon -1 day'::interval]),
            (-32768, 3, '-0', 5e-324, 1.00, -0.0001, 0, E'tab\\tnew\\nline\\\\.\\r\\b\\x7f', null, '', '', 'é', false, '', B'000',
             B'', 'infinity', '00:00', '00:00+15:59', '4713-01-01 BC', '0001-01-01 00:00:00.000001+00 BC', '-178000000 years',
             'ffffffff-ffff-ffff-ffff-ffffffffffff', '  [1.0 ,1e2]', '[1.00, "\\u00e9", {"": ""}]', null, '0.0.0.0/0',
             '::/0', 'ff:ff:ff:ff:ff:ff', '(NaN,Infinity)', '((1,1),(0,0))', '((0,0),(1,1))', '', '', 'strict $', 0, '0/0',
             '', '', 'so-so', '{}', null, null, '{}', '[2024-01-01,)', '{}', 'empty', '{}', '{}', '{}'),
            (null, null, 3.4028235e38, 1.7976931348623157e308, 'Infinity', null, null, '\\N', '\\.', '\\N   ', null, null, null,
             null, null, null, '-infinity', null, null, '294276-12-31 23:59:59.999999', '294276-12-31 23:59:59.999999+00',
             '0', null, 'null', 'null', null, null, null, null, null, null, null, null, null, null, null, null, null, null,
             null, null, null, null, null, null, null, null, null, null, null)
            """,
            "insert into \"Zoo ä/1\".\"all \"\"kinds\"\" ?{0}\" (t, n) select 'row ' || i || repeat('€', 3000), i / 7.0"
                    + " from generate_series(1, 200) i",
            "insert into \"Zoo ä/1\".nothing select from generate_series(1, 3)",
            "insert into \"Zoo ä/1\".computed values (1), (null)",
            "insert into \"Zoo ä/1\".keyless values (1, 'same'), (1, 'same'), (1, null), (null, ''), (null, null)",
            "insert into \"Zoo ä/1\".child values (1, 1, 7, 2), (2, 1, null, 1)");

    static final TableName KINDS = new TableName("Zoo ä/1", "all \"kinds\" ?{0}");

    private Zoo() {}

    static void build(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : SQL) {
                statement.execute(sql);
            }
        }
    }

    static List<Table<?>> tables() {
        return List.of(
                DSL.table(KINDS.quoted()),
                DSL.table(DSL.name("Zoo ä/1", "nothing")),
                DSL.table(DSL.name("Zoo ä/1", "computed")),
                DSL.table(DSL.name("Zoo ä/1", "keyless")),
                DSL.table(DSL.name("Zoo ä/1", "child")));
    }
}
