package runbook.engine;

import static org.jooq.impl.DSL.inline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.QueryPart;
import org.jooq.Table;
import org.jooq.impl.DSL;
import runbook.message.Run;
import runbook.spi.Migration;
import runbook.spi.Mirror;
import runbook.spi.Retirement;

/**
 * What hangs on the tables and columns that are to be retired. Some of it would make the drop fail, after the hold, when
 * nobody remembers: that is refused before anything is retired. The rest is told at the gate.
 */
public final class Dependents {

    /** {0} the table, {1} the column or none, {2} all tables that go, {3} triggers of ours, {4} views that a cutover will switch. Indexes and the like go too. */
    private static final String HOLDING = """
            select distinct case when v.oid is null then pg_describe_object(d.classid, d.objid, d.objsubid)
              when v.relkind = 'm' then 'materialized view ' || v.oid::regclass else 'view ' || v.oid::regclass end
            from pg_catalog.pg_depend d
            left join pg_catalog.pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
            left join pg_catalog.pg_class v on v.oid = r.ev_class
            left join pg_catalog.pg_constraint k on d.classid = 'pg_constraint'::regclass and k.oid = d.objid
            left join pg_catalog.pg_trigger t on d.classid = 'pg_trigger'::regclass and t.oid = d.objid
            where d.refclassid = 'pg_class'::regclass and d.refobjid = {0} and d.deptype = 'n'
              and ({1} = '' or d.refobjsubid = (select attnum from pg_catalog.pg_attribute
                where attrelid = d.refobjid and attname = {1}))
              and (v.oid is null or v.oid <> d.refobjid and v.oid not in ({4})) and (k.oid is null or k.conrelid not in ({2}))
              and (t.oid is null or t.tgname not in ({3}))
            order by 1""";

    private static final String FUNCTIONS = """
            select distinct p.oid::regprocedure::text from pg_catalog.pg_proc p join pg_catalog.pg_class c on c.oid = {0}
            where p.prosrc ~ ('\\m' || c.relname || '\\M') and ({1} = '' or p.prosrc ~ ('\\m' || {1} || '\\M'))
              and p.pronamespace::regnamespace::text not in ('pg_catalog', 'runbook')
              and format('function %s.%I', p.pronamespace::regnamespace, p.proname) not in ({2}) order by 1""";

    private static final String PUBLICATIONS = """
            select distinct p.pubname::text from pg_catalog.pg_publication_tables p join pg_catalog.pg_class c
              on p.tablename = c.relname and p.schemaname = c.relnamespace::regnamespace::name
            where c.oid = {0} order by 1""";

    private static final String ROLES = """
            select distinct case acl.grantee when 0 then 'public' else acl.grantee::regrole::text end
            from pg_catalog.pg_class c cross join lateral aclexplode(c.relacl) acl
            where c.oid = {0} and acl.grantee <> c.relowner order by 1""";

    private static final String TAKEN =
            "select to_regclass({0}) is not null and exists (select from pg_catalog.pg_class where oid::bigint = {1})";

    private Dependents() {}

    /** Everything that depends, by what it hangs on and what kind it is; empty when nothing does. */
    static Map<String, List<String>> of(DSLContext dsl, Run run, Migration migration) {
        return of(dsl, migration, Fingerprints.brought(dsl, run, migration), inline(0L));
    }

    /** The same before a run, or beside it, without the views that its cutover switches. */
    public static Map<String, List<String>> now(Target target, Migration migration) {
        DSLContext dsl = target.dsl();
        Set<String> brought = Runs.installed(dsl)
                ? Runs.open(dsl, migration.name())
                        .map(row -> Fingerprints.brought(dsl, Runs.run(row), migration))
                        .orElse(Set.of())
                : Set.of();
        return of(dsl, migration, brought, oids(Extent.views(migration)));
    }

    private static Map<String, List<String>> of(
            DSLContext dsl, Migration migration, Set<String> brought, QueryPart switched) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        QueryPart going = going(migration);
        QueryPart mirrors = words(migration.mirrors().stream().map(Mirror::trigger));
        QueryPart ours = words(brought.stream());
        for (Retirement piece : migration.cleanup()) {
            Table<?> table = table(piece);
            String name = Retirements.word(piece);
            note(
                    found,
                    "holds " + name,
                    names(dsl, HOLDING, Sql.oid(table), inline(column(piece)), going, mirrors, switched));
            note(
                    found,
                    "functions that name " + name,
                    names(dsl, FUNCTIONS, Sql.oid(table), inline(column(piece)), ours));
            if (piece instanceof Retirement.Archive) {
                note(found, "publications with " + name, names(dsl, PUBLICATIONS, Sql.oid(table)));
                note(found, "roles with rights on " + name, names(dsl, ROLES, Sql.oid(table)));
            }
        }
        return found;
    }

    /** @throws RunbookException.Parked naming all that would make the drop fail, and each archive name that is taken */
    static void refuse(DSLContext tx, Run run, Migration migration) {
        List<String> problems = new ArrayList<>();
        QueryPart going = going(migration);
        for (Retirement piece : migration.cleanup()) {
            Table<?> table = table(piece);
            // The mirrors are gone by now.
            names(tx, HOLDING, Sql.oid(table), inline(column(piece)), going, words(Stream.of()), inline(0L))
                    .forEach(holder -> problems.add(holder + " depends on " + Retirements.word(piece)));
            String archived =
                    DSL.name(Retirements.ARCHIVE, table.getName()).quotedName().toString();
            if (piece instanceof Retirement.Archive
                    && tx.fetchSingle(TAKEN, inline(archived), Sql.oid(table)).get(0, Boolean.class)) {
                problems.add(Retirements.ARCHIVE + "." + table.getName() + " is there already, so "
                        + Retirements.word(piece) + " has no place to go");
            }
        }
        if (!problems.isEmpty()) {
            throw new RunbookException.Parked(run.migration() + ": clean-up: " + problems.size()
                    + (problems.size() == 1 ? " object is" : " objects are") + " in the way, expected none:\n- "
                    + String.join("\n- ", problems)
                    + "\nNothing was retired. Change, drop or rename them, then send the signal 'retry'.");
        }
    }

    private static void note(Map<String, List<String>> found, String what, List<String> names) {
        if (!names.isEmpty()) {
            found.put(what, names);
        }
    }

    private static List<String> names(DSLContext dsl, String query, QueryPart... parts) {
        return dsl.fetch(query, parts).into(String.class);
    }

    private static QueryPart words(Stream<String> words) {
        return DSL.list(Stream.concat(Stream.of(""), words).map(DSL::inline).toArray(QueryPart[]::new));
    }

    private static QueryPart going(Migration migration) {
        return oids(migration.cleanup().stream()
                .filter(Retirement.Archive.class::isInstance)
                .map(piece -> ((Retirement.Archive) piece).table()));
    }

    private static QueryPart oids(Stream<Table<?>> tables) {
        List<QueryPart> oids = new ArrayList<>(List.of(inline(0L)));
        tables.forEach(table -> oids.add(DSL.coalesce(Sql.oid(table), inline(0L))));
        return DSL.list(oids);
    }

    private static Table<?> table(Retirement piece) {
        return piece instanceof Retirement.Archive archive
                ? archive.table()
                : Objects.requireNonNull(((Retirement.Retire) piece).column().getTable());
    }

    private static String column(Retirement piece) {
        return piece instanceof Retirement.Retire retire ? retire.column().getName() : "";
    }
}
