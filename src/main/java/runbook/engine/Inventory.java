package runbook.engine;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.list;
import static org.jooq.impl.DSL.name;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.QueryPart;
import org.jooq.Table;
import org.jooq.impl.DSL;
import runbook.engine.Results.Look;
import runbook.message.CheckVerdict;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Migration;
import runbook.spi.Mirror;
import runbook.spi.Severity;
import runbook.spi.Stage;
import runbook.spi.Switch;

/** What hangs on the touched tables and is not the migration's own: it can disturb a migration, or be disturbed by it. */
final class Inventory {

    /** Each query names what speaks against its claim; {0} are the tables, {1} what is ours, {2} our triggers, {3} our scripts'. */
    private static final Map<String, String> CLAIMS = claims();

    /** Copies, backups and mirrors see the rows of one table; those of its children would be left behind. */
    private static final String BLOCKING = "no table inherits from the tables, nor they from others";

    private static final String STATEMENTS = """
            select count(*) from pg_catalog.pg_class c join {1} s
              on s.query ~* ('select\\s+\\*\\s+from\\s+\\S*' || c.relname)
            where c.oid in ({0})
            """;

    private final DSLContext dsl;
    private final QueryPart[] parts;

    private Inventory(DSLContext dsl, Run run, Migration migration) {
        this.dsl = dsl;
        this.parts = new QueryPart[] {
            oids(migration.tables()),
            oids(own(migration)),
            words(migration.mirrors().stream().map(Mirror::trigger)),
            words(Fingerprints.brought(dsl, run, migration).stream())
        };
    }

    static List<CheckVerdict> check(Results results, Target target, Migration migration) {
        Inventory inventory = new Inventory(target.dsl(), results.of(), migration);
        List<CheckVerdict> verdicts = new ArrayList<>();
        CLAIMS.forEach((claim, query) -> verdicts.add(results.run(
                claim,
                claim.equals(BLOCKING) ? Severity.BLOCKING : Severity.ADVISORY,
                tx -> named(tx.fetch(query, inventory.parts).into(String.class)))));
        verdicts.add(results.run(
                "no SELECT * reads the tables, whose plan a new column would change",
                Severity.ADVISORY,
                tx -> inventory.statements()));
        return verdicts;
    }

    private static Look named(List<String> found) {
        return found.isEmpty()
                ? new Look(Verdict.PASSED, "", null)
                : new Look(
                        Verdict.FAILED, "found " + found.size() + ", expected none: " + String.join(", ", found), null);
    }

    /** Prepared statements of other sessions are not to be seen; what was run is, where somebody collects it. */
    private Look statements() {
        String schema = dsl.select(field("extnamespace::regnamespace::text", String.class))
                .from("pg_catalog.pg_extension")
                .where("extname = 'pg_stat_statements'")
                .fetchOne(0, String.class);
        if (schema == null) {
            return new Look(Verdict.NOT_VERIFIED, "extension pg_stat_statements is not there", null);
        }
        long found = dsl.fetchSingle(STATEMENTS, parts[0], name(schema, "pg_stat_statements"))
                .get(0, Long.class);
        return found == 0
                ? new Look(Verdict.PASSED, "", null)
                : new Look(Verdict.FAILED, "found " + found + " statements, expected none", null);
    }

    private static QueryPart oids(Iterable<? extends Table<?>> tables) {
        List<QueryPart> oids = new ArrayList<>(List.of(inline(0)));
        // One that is not there is NULL, and nothing is known to be not among those.
        tables.forEach(table -> oids.add(DSL.coalesce(Sql.oid(table), inline(0L))));
        return list(oids.toArray(QueryPart[]::new));
    }

    private static List<Table<?>> own(Migration migration) {
        List<Table<?>> own = new ArrayList<>(migration.created());
        for (Stage stage : migration.cutover()) {
            for (Switch flipped : stage.switches()) {
                if (flipped instanceof Switch.View view) {
                    own.add(view.view());
                }
            }
        }
        return own;
    }

    private static QueryPart words(Stream<String> words) {
        return list(Stream.concat(Stream.of(""), words).map(DSL::inline).toArray(QueryPart[]::new));
    }

    private static Map<String, String> claims() {
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put(BLOCKING, """
                select inhrelid::regclass || ' inherits from ' || inhparent::regclass from pg_catalog.pg_inherits
                where inhparent in ({0}) or inhrelid in ({0})""");
        claims.put("no trigger but ours fires on the tables", """
                select tgname || ' on ' || tgrelid::regclass from pg_catalog.pg_trigger
                where tgrelid in ({0}) and not tgisinternal and tgname not in ({2})""");
        claims.put("no event trigger is there", """
                select evtname || ' on ' || evtevent from pg_catalog.pg_event_trigger where evtenabled <> 'D'""");
        claims.put("no rule rewrites the tables", """
                select rulename || ' on ' || ev_class::regclass from pg_catalog.pg_rewrite
                where ev_class in ({0}) and rulename <> '_RETURN'""");
        claims.put("no view but ours reads the tables", reading("v", "view"));
        claims.put("no materialized view reads the tables", reading("m", "materialized view"));
        claims.put("no function names the tables", """
                select distinct p.oid::regprocedure::text from pg_catalog.pg_proc p
                join pg_catalog.pg_class c on p.prosrc ~ ('\\m' || c.relname || '\\M')
                where c.oid in ({0}) and p.pronamespace::regnamespace::text not in ('pg_catalog', 'runbook')
                  and format('function %s.%I', p.pronamespace::regnamespace, p.proname) not in ({3})
                order by 1""");
        claims.put("no foreign key from elsewhere points at the tables", """
                select conname || ' of ' || conrelid::regclass from pg_catalog.pg_constraint
                where contype = 'f' and confrelid in ({0}) and conrelid not in ({0}, {1})""");
        claims.put("no row-level security is on the tables", """
                select c.oid::regclass || ' with ' || (select count(*) from pg_catalog.pg_policy where polrelid = c.oid)
                  || ' policies' from pg_catalog.pg_class c where c.oid in ({0}) and c.relrowsecurity""");
        claims.put("no publication carries the tables", """
                select p.pubname || ' with ' || c.oid::regclass from pg_catalog.pg_class c
                join pg_catalog.pg_publication_tables p
                  on p.tablename = c.relname and p.schemaname = c.relnamespace::regnamespace::name
                where c.oid in ({0}) order by 1""");
        claims.put("every published table has a replica identity", """
                select distinct c.oid::regclass::text from pg_catalog.pg_class c join pg_catalog.pg_publication_tables p
                  on p.tablename = c.relname and p.schemaname = c.relnamespace::regnamespace::name
                where c.oid in ({0}) and (c.relreplident = 'n' or c.relreplident = 'd' and not exists (
                  select from pg_catalog.pg_index i where i.indrelid = c.oid and i.indisprimary))""");
        claims.put("no replication slot keeps WAL back", """
                select slot_name || ' keeps '
                  || coalesce(pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)), 'nothing yet')
                from pg_catalog.pg_replication_slots
                where not active or pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) > 1073741824""");
        claims.put("the statistics of the tables are fresh", """
                select c.oid::regclass || case when c.reltuples < 0 then ' was never analyzed'
                  else ' has ' || s.n_mod_since_analyze || ' changes since ' || coalesce(
                    greatest(s.last_analyze, s.last_autoanalyze)::timestamptz(0)::text, 'an unknown time') || ', '
                    || c.reltuples::bigint || ' rows by the statistics, ' || s.n_live_tup || ' by the counters' end
                from pg_catalog.pg_class c join pg_catalog.pg_stat_user_tables s on s.relid = c.oid
                where c.oid in ({0})
                  and (c.reltuples < 0 or s.n_mod_since_analyze > 1000 + c.reltuples / 5)""");
        return claims;
    }

    private static String reading(String kind, String word) {
        return """
                select distinct r.ev_class::regclass::text from pg_catalog.pg_rewrite r
                join pg_catalog.pg_depend d on d.objid = r.oid and d.classid = 'pg_catalog.pg_rewrite'::regclass
                join pg_catalog.pg_class v on v.oid = r.ev_class
                where d.refobjid in ({0}) and r.ev_class not in ({0}) and r.ev_class not in ({1}) and v.relkind = '%s'
                  and format('%s %%s.%%I', v.relnamespace::regnamespace, v.relname) not in ({3})
                order by 1""".formatted(kind, word);
    }
}
