-- Flags are read by the application's own statements, so a flip is in force at the next statement.

create table flag (
    name       text        not null,
    stage      text        not null default '',
    per_mille  integer     not null check (per_mille between 0 and 1000),
    changed_by text        not null,
    reason     text        not null,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (name, stage)
);

create table stop (
    single     boolean     primary key default true check (single),
    reason     text        not null,
    stopped_by text        not null default session_user,
    at         timestamptz not null default clock_timestamp()
);

-- True for the same subjects each time, and for more of them as the share rises; nobody falls out when it does.
create function flag_on(name text, stage text, subject text) returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select coalesce(
        (select abs(hashtextextended($1 || '/' || $3, 0) % 1000) < f.per_mille
         from runbook.flag f
         where f.name = $1 and f.stage = $2),
        false)
$$;

create function stopped() returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from runbook.stop)
$$;

-- The way to stop without Temporal: batches end after the one they are in, mirrors hand over to the legacy shape,
-- and every flag goes back to off.
create function stop(reason text) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into runbook.stop (reason, stopped_by) values ($1, session_user)
    on conflict (single) do update set reason = excluded.reason, stopped_by = excluded.stopped_by, at = clock_timestamp();
    update runbook.flag f set per_mille = 0, changed_by = session_user, reason = 'stop: ' || $1, changed_at = clock_timestamp()
    where f.per_mille <> 0;
    insert into runbook.audit (act, subject, who, detail, once)
    values ('stop', 'database', session_user, jsonb_build_object('reason', $1), 'stop/' || clock_timestamp()::text);
end
$$;

revoke execute on function flag_on(text, text, text), stopped(), stop(text) from public;
