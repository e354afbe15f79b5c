package runbook.cli;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.impl.DSL;
import runbook.spi.Migration;
import runbook.spi.Switch;

/** The least that the role which runs a migration needs, as a script that can be run again without harm. */
final class GrantsScript {

    private static final DSLContext SQL = DSL.using(SQLDialect.POSTGRES);

    private static final String RUNBOOK = """
            -- 1. Role %1$s: runs the migration. It becomes a member of the roles that own the old shape, because
            --    PostgreSQL lets only an owner add triggers and constraints, replace a view or rename a column.
            do $grants$
            declare
                migrator constant text := %2$s;
                inherited constant text :=
                    case when current_setting('server_version_num')::int >= 160000 then ' with inherit true' else '' end;
                relations constant text[] := array[%3$s];
                place text;
                held record;
            begin
                if not exists (select from pg_catalog.pg_roles where rolname = migrator) then
                    execute format('create role %%I login', migrator);
                    raise notice 'role %% was created without a password: set one with \\password', migrator;
                end if;
                if inherited = '' then
                    execute format('alter role %%I inherit', migrator);
                end if;

                -- Its own schemas runbook and runbook_archive.
                execute format('grant connect, create on database %%I to %%I', current_database(), migrator);
                -- The drill restores each backup into a scratch database of its own.
                execute format('alter role %%I createdb', migrator);
                -- Who holds a lock, and for how long; without it the sessions of others are invisible.
                execute format('grant pg_monitor to %%I', migrator) || inherited;

                foreach place in array relations loop
                    if to_regclass(place) is null then
                        raise exception '%% is not there: is %% the right database?', place, current_database();
                    end if;
                end loop;
                -- The old shape, and what an earlier run made as another role.
                for held in
                    select owned.name, r.rolname, r.rolsuper
                    from (select named.name, c.relowner as owner
                          from unnest(relations) named (name)
                          join pg_catalog.pg_class c on c.oid = to_regclass(named.name)
                          union all
                          select 'schema ' || nspname, nspowner
                          from pg_catalog.pg_namespace where nspname in ('runbook', 'runbook_archive')) owned
                    join pg_catalog.pg_roles r on r.oid = owned.owner
                    where r.rolname <> migrator
                loop
                    if held.rolsuper then
                        raise exception '%% belongs to superuser %%, and a member of it could do anything. Give it to a role'
                            ' of its own first: alter ... owner to ...', held.name, held.rolname;
                    end if;
                    execute format('grant %%I to %%I', held.rolname, migrator) || inherited;
                end loop;

                -- The new tables stand beside the old ones, and are handed over to the owner of the old ones.
                foreach place in array array[%4$s] loop
                    execute format('grant usage, create on schema %%s to %%I', place, migrator);
                end loop;
                for held in
                    select r.rolname, n.nspname
                    from pg_catalog.pg_class c
                    join pg_catalog.pg_roles r on r.oid = c.relowner
                    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                    where c.oid = to_regclass(%5$s) and not has_schema_privilege(r.oid, n.oid, 'CREATE')
                loop
                    execute format('grant create on schema %%I to %%I', held.nspname, held.rolname);
                end loop;
            end
            $grants$;
            """;

    private static final String OTHERS = """

            -- 2. Role app: nothing new. What the application may do with the new shape, the schema phase grants.
            --    It gets no right on schema runbook: flags reach it through functions of the migration's own schema.

            -- 3. Role approver: nothing. Approvals are messages to the run; who approves needs no database at all.
            --    To read reports without Temporal: grant usage on schema runbook and select on its tables.
            """;

    private GrantsScript() {}

    static String of(Migration migration, String role) {
        return "-- What " + migration.name()
                + " needs, role by role. Run it in the target database, as a superuser or as\n"
                + "-- a role that may grant all of this: ./runbook grants " + migration.name()
                + " | psql service=...\n\n"
                + RUNBOOK.formatted(
                        role.replaceAll("\\R", " "),
                        literal(role),
                        literals(relations(Stream.concat(migration.tables().stream(), views(migration)))),
                        literals(schemas(migration)),
                        literal(relations(migration.tables().stream())
                                .iterator()
                                .next()))
                + OTHERS;
    }

    /** What the cutover puts other queries behind. */
    private static Stream<Table<?>> views(Migration migration) {
        return migration.cutover().stream()
                .flatMap(stage -> stage.switches().stream())
                .filter(Switch.View.class::isInstance)
                .map(flipped -> ((Switch.View) flipped).view());
    }

    /** By name, so that the first of the tables is the one whose owner gets the new ones. */
    private static Collection<String> relations(Stream<Table<?>> tables) {
        return tables.map(GrantsScript::named).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String named(Table<?> table) {
        return SQL.render(
                table.getSchema() == null
                        ? DSL.name(table.getName())
                        : DSL.name(table.getSchema().getName(), table.getName()));
    }

    private static Collection<String> schemas(Migration migration) {
        return Stream.concat(migration.tables().stream(), migration.created().stream())
                .map(Table::getSchema)
                .filter(Objects::nonNull)
                .map(schema -> SQL.render(DSL.name(schema.getName())))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String literals(Collection<String> texts) {
        return List.copyOf(texts).stream().map(GrantsScript::literal).collect(Collectors.joining(", "));
    }

    private static String literal(String text) {
        return SQL.renderInlined(DSL.inline(text));
    }
}
