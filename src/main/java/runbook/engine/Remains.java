package runbook.engine;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.list;
import static runbook.generated.engine.Tables.FINGERPRINT;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.QueryPart;
import org.jooq.Table;
import org.jooq.impl.DSL;
import runbook.engine.Results.Look;
import runbook.message.CheckVerdict;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Backfill;
import runbook.spi.Claimed;
import runbook.spi.Migration;
import runbook.spi.Mirror;
import runbook.spi.Retirement;
import runbook.spi.Severity;

/**
 * What runs have left behind, by the catalogue, each with the command that removes it. Nothing of it is removed unasked:
 * somebody may want to look at it first.
 */
final class Remains {

    /** So many are named: more than any one run has left so far, and little enough for a history. */
    private static final int NAMED = 50;

    /** Each query gives what is there and what removes it; {0} our triggers, {1} the tables, {2} the retired columns. */
    private static final String TRIGGERS = """
            select format('trigger %I on %s', tgname, tgrelid::regclass), format('drop trigger %I on %s', tgname, tgrelid::regclass)
            from pg_catalog.pg_trigger
            where tgrelid in ({1}) and not tgisinternal and tgparentid = 0 and (tgname in ({0}) or tgname like 'runbook\\_%')
            order by 1""";

    private static final String COLUMNS = """
            select format('column %s.%I', attrelid::regclass, attname), format('alter table %s drop column %I', attrelid::regclass, attname)
            from pg_catalog.pg_attribute where attrelid in ({1}) and attname in ({2}) and attnum > 0 order by 1""";

    private static final String INDEXES = """
            select format('invalid index %s', indexrelid::regclass), format('drop index concurrently %s', indexrelid::regclass)
            from pg_catalog.pg_index where indrelid in ({1}) and not indisvalid and indexrelid not in (
              select index_relid from pg_catalog.pg_stat_progress_create_index) order by 1""";

    private static final String TABLES = """
            select format('table %s', oid::regclass), format('drop table %s', oid::regclass)
            from pg_catalog.pg_class where oid in ({0}) order by 1""";

    private static final String ARCHIVE = """
            select format('table %s', c.oid::regclass) || coalesce(' of run ' || r.id || ', which is ' || replace(r.state, '_', ' '), ''),
              format('drop table %s', c.oid::regclass)
            from pg_catalog.pg_class c
            left join runbook.migration_run r on r.id::text = substring(c.relname from '_run([0-9]+)$')
            where c.relnamespace = to_regnamespace({1}) and c.relkind in ('r', 'p') and c.relname ~ {0} order by c.oid""";

    private static final String SCRATCH = """
            select format('scratch database %I', datname), format('drop database %I', datname)
            from pg_catalog.pg_database d join pg_catalog.pg_roles r on r.oid = d.datdba and r.rolname = current_user
            where (datname like 'runbook\\_plan\\_%' or starts_with(datname, 'runbook_drill_'
                || (select oid from pg_catalog.pg_database where datname = current_database()) || '_'))
              and not exists (select from pg_catalog.pg_stat_activity a where a.datid = d.oid) order by 1""";

    /** What scripts of runs brought that went back, in an order in which it can go; what hangs on a table goes with it. */
    private static final String BROUGHT = """
            select f.object || ' of run ' || min(r.id), case when f.object like 'index %' then
              'drop index concurrently ' || substr(f.object, 7) else 'drop ' || f.object end
            from runbook.fingerprint f join runbook.migration_run r on r.id = f.run
            join runbook.fingerprint_of({0}::text[]) there on there.object = f.object
            left join pg_catalog.pg_class c on f.object in ('index ' || c.oid::regclass, 'sequence ' || c.oid::regclass)
            where r.migration = {1} and r.ended_at is not null and r.state <> 'completed' and r.parting is distinct from 'retired'
              and f.moment in ('after schema', 'after constraints')
              and f.object ~ '^(function|view|materialized view|table|trigger|index|sequence|type) '
              and not exists (select from runbook.fingerprint b
                where b.run = f.run and b.object = f.object and b.moment = 'before schema')
              and not exists (select from pg_catalog.pg_depend d
                where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i'))
            group by f.object order by array_position(
              array['trigger', 'view', 'materialized', 'function', 'index', 'table'], split_part(f.object, ' ', 1)), 1""";

    /** What still asks the engine's tables or settings, which may go some day. */
    private static final String ASKING = """
            select kind || ' ' || shown || ', which asks schema runbook', 'drop ' || kind || ' ' || shown from (
              select 'function', oid::regprocedure::text, prosrc from pg_catalog.pg_proc
              where pronamespace::regnamespace::name = any ({0}::text[]) and prokind = 'f'
              union all select 'view', oid::regclass::text, pg_get_viewdef(oid) from pg_catalog.pg_class
              where relnamespace::regnamespace::name = any ({0}::text[]) and relkind = 'v'
              union all select 'trigger', format('%I on %s', tgname, tgrelid::regclass), pg_get_triggerdef(t.oid)
              from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = tgrelid
              where relnamespace::regnamespace::name = any ({0}::text[]) and not tgisinternal
            ) part (kind, shown, text) where text ~ '\\mrunbook(_archive)?\\.' order by 1""";

    private final DSLContext dsl;
    private final Migration migration;
    private final Map<String, String> found = new LinkedHashMap<>();

    private Remains(DSLContext dsl, Migration migration) {
        this.dsl = dsl;
        this.migration = migration;
    }

    /** Before a run changes anything; what an earlier owner of the run has brought is not left over. */
    static CheckVerdict before(Results results, Migration migration) {
        return results.run("nothing is left of runs that are over", Severity.ADVISORY, tx -> {
            Remains remains = new Remains(tx, migration);
            if (!expanded(tx, results.of())) {
                remains.ours();
                remains.note(BROUGHT, inline(remains.schemas()), inline(migration.name()));
                remains.note(TABLES, oids(migration.created().stream()));
            }
            return remains.everywhere();
        });
    }

    /** After the drop, when the new shape alone should be there. */
    static CheckVerdict after(Results results, Migration migration) {
        return results.run(CheckVerdict.NEW_SHAPE_ALONE, Severity.ADVISORY, tx -> {
            Remains remains = new Remains(tx, migration);
            remains.ours();
            remains.note(ASKING, inline(remains.schemas()));
            remains.note(TABLES, oids(remains.ledgers()));
            return remains.everywhere();
        });
    }

    private void ours() {
        QueryPart oids = oids(Extent.tables(migration));
        QueryPart mirrors = words(migration.mirrors().stream().map(Mirror::trigger));
        QueryPart retired = words(migration.cleanup().stream()
                .filter(Retirement.Retire.class::isInstance)
                .map(piece -> ((Retirement.Retire) piece).retiredName()));
        for (String query : List.of(TRIGGERS, COLUMNS)) {
            note(query, mirrors, oids, retired);
        }
    }

    private Look everywhere() {
        note(INDEXES, inline(""), oids(Stream.concat(migration.tables().stream(), migration.created().stream())));
        String names = Stream.concat(migration.created().stream(), archived())
                .map(Table::getName)
                .collect(Collectors.joining("|", "^(", ")(_run[0-9]+)?$"));
        note(ARCHIVE, inline(names), inline(Retirements.ARCHIVE));
        note(SCRATCH);
        if (found.isEmpty()) {
            return new Look(Verdict.PASSED, "", null);
        }
        List<String> lines = new ArrayList<>();
        found.forEach((removal, what) -> lines.add(what + " (" + removal + ")"));
        String more = lines.size() > NAMED ? "; and " + (lines.size() - NAMED) + " more" : "";
        return new Look(
                Verdict.FAILED,
                "found " + lines.size() + ", expected none, each with what removes it: "
                        + String.join("; ", lines.subList(0, Math.min(NAMED, lines.size()))) + more,
                null);
    }

    private void note(String query, QueryPart... parts) {
        dsl.fetch(query, parts).forEach(row -> found.putIfAbsent(row.get(1, String.class), row.get(0, String.class)));
    }

    private static boolean expanded(DSLContext dsl, Run run) {
        return dsl.fetchExists(FINGERPRINT, FINGERPRINT.RUN.eq(run.id()).and(FINGERPRINT.MOMENT.eq("before schema")));
    }

    private Stream<Table<?>> ledgers() {
        List<Table<?>> ledgers = new ArrayList<>();
        for (Backfill backfill : migration.backfills()) {
            if (backfill instanceof Claimed claimed) {
                ledgers.add(claimed.claims().table());
            }
        }
        return ledgers.stream();
    }

    private Stream<Table<?>> archived() {
        List<Table<?>> archived = new ArrayList<>();
        for (Retirement piece : migration.cleanup()) {
            if (piece instanceof Retirement.Archive archive) {
                archived.add(archive.table());
            }
        }
        return archived.stream();
    }

    private String schemas() {
        return ForeignWrites.array(List.of(Extent.schemas(migration)));
    }

    private static QueryPart oids(Stream<? extends Table<?>> tables) {
        return list(Stream.concat(Stream.of(inline(0L)), tables.map(table -> DSL.coalesce(Sql.oid(table), inline(0L))))
                .toArray(QueryPart[]::new));
    }

    private static QueryPart words(Stream<String> words) {
        return list(Stream.concat(Stream.of(""), words).map(DSL::inline).toArray(QueryPart[]::new));
    }
}
