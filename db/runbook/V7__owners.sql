-- Whose run it is, beyond the workflow id: the same id may be in use in another namespace, or on another server.

alter table migration_run
    add namespace    text,
    add namespace_id text;

comment on column migration_run.namespace_id is 'Temporal''s own id of the namespace; another server has another one under the same name.';
comment on column migration_run.workflow_run is 'Temporal''s run id of the owner; empty when the run was disowned.';

-- For a person who knows that the owner of an open run is gone, or that this database is a copy: the next start takes the
-- run over. Whoever still believes to own it is refused from here on.
create function disown(run bigint, reason text) returns text
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    disowned runbook.migration_run;
begin
    update runbook.migration_run m
    set epoch = m.epoch + 1, workflow_run = '', namespace = null, namespace_id = null,
        system_identifier = (select c.system_identifier from pg_catalog.pg_control_system() c),
        database_oid = (select d.oid::bigint from pg_catalog.pg_database d where d.datname = current_database())
    where m.id = $1 and m.ended_at is null
    returning m.* into disowned;
    if not found then
        raise exception 'run % is not open in this database: nothing was changed', $1
            using hint = 'Open runs: select id, migration, workflow_id from runbook.migration_run where ended_at is null';
    end if;
    insert into runbook.audit (run, act, subject, who, detail, once)
    values ($1, 'disown', 'run', session_user, jsonb_build_object('reason', $2), 'run ' || $1 || '/disown/' || disowned.epoch);
    return 'run ' || $1 || ' of ' || disowned.migration || ' has no owner now: the next start takes it over';
end
$$;

revoke execute on function disown(bigint, text) from public;
