-- What each switch of the cutover was found as and what the run made of it, written in the transaction of the flip: the
-- way back puts exactly that back, and touches nothing that the run never switched.

create table switched (
    run        bigint      not null references migration_run,
    kind       text        not null check (kind in ('flag', 'view')),
    name       text        not null,
    stage      text        not null,
    found      text,
    options    text[],
    owner      text,
    grants     jsonb,
    made       text        not null,
    epoch      integer     not null default 0,
    at         timestamptz not null default clock_timestamp(),
    put_back_at timestamptz,
    primary key (run, kind, name)
);

comment on column switched.name is 'A flag, or a view with its schema, quoted.';
comment on column switched.found is 'The view''s query before the flip; a flag is found off.';
comment on column switched.made is 'The view''s query, or the flag''s share, as the run left it.';
comment on column switched.epoch is 'The owner of the run who flipped it; the next owner proves before he flips it himself.';

-- A flip, a stop and its end never run at the same time.
create function alone_with_switches() returns void
    language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select pg_advisory_xact_lock(hashtextextended('runbook/switches', 0))
$$;

-- What a switch is now, in the words of switched.made; null when it is not there.
create function switch_now(kind text, name text) returns text
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    if kind = 'flag' then
        return (select f.per_mille::text from runbook.flag f where f.name = switch_now.name and f.stage = '');
    end if;
    return pg_get_viewdef(to_regclass(name));
end
$$;

-- A right as the command that gives it; % stands for what it is a right on.
create function grant_words(grantee oid, privilege text, grantable boolean) returns text
    language sql stable set search_path = pg_catalog, pg_temp as $$
    select 'grant ' || privilege || ' on % to '
        || case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end
        || case when grantable then ' with grant option' else '' end
$$;

-- Keeps a view as it is found, unless it is already kept, and gives the options that its next query can have too. Its lock
-- is taken first: nobody replaces the view in between. LOCK TABLE would lock the tables below it as well.
create function keep_view(run bigint, stage text, view text) returns text
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    seen pg_class;
begin
    execute format('alter view %s owner to %I', view,
        (select pg_get_userbyid(relowner) from pg_class where oid = to_regclass(view)));
    select * into strict seen from pg_class where oid = to_regclass(view);
    insert into runbook.switched as kept (run, kind, name, stage, found, options, owner, grants, made)
    values (keep_view.run, 'view', view, keep_view.stage, pg_get_viewdef(seen.oid), seen.reloptions,
        pg_get_userbyid(seen.relowner),
        (select jsonb_agg(runbook.grant_words(held.grantee, held.privilege_type, held.is_grantable)) from aclexplode(seen.relacl) held
         where held.grantee <> seen.relowner), '')
    on conflict on constraint switched_pkey do update
    set stage = excluded.stage, found = excluded.found, options = excluded.options, owner = excluded.owner,
        grants = excluded.grants, put_back_at = null, at = clock_timestamp()
    where kept.put_back_at is not null;
    return (select string_agg(option, ', ') from unnest(seen.reloptions) option where option not like 'check_option=%');
end
$$;

-- Puts one view back as it was found; made anew where somebody dropped it. A right that it had then and has no longer is
-- granted again, a right that somebody gave since stays.
create function put_view_back(run bigint, view text) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    kept runbook.switched;
    lost text;
begin
    select * into strict kept from runbook.switched s
    where s.run = put_view_back.run and s.kind = 'view' and s.name = view for update;
    if kept.put_back_at is not null then
        return;
    end if;
    execute format('create or replace view %s %s as %s', view,
        'with (' || array_to_string(kept.options, ', ') || ')', kept.found);
    if kept.owner <> (select pg_get_userbyid(relowner) from pg_class where oid = to_regclass(view)) then
        execute format('alter view %s owner to %I', view, kept.owner);
    end if;
    for lost in
        select kept_grant from jsonb_array_elements_text(kept.grants) kept_grant
        except select runbook.grant_words(held.grantee, held.privilege_type, held.is_grantable)
        from pg_class c cross join lateral aclexplode(c.relacl) held where c.oid = to_regclass(view)
    loop
        begin
            execute replace(lost, '%', view);
        exception
            when undefined_object then raise notice '%: a role is gone, so this was not repeated: %', view, lost;
        end;
    end loop;
    update runbook.switched s set put_back_at = clock_timestamp()
    where s.run = put_view_back.run and s.kind = 'view' and s.name = view;
end
$$;

-- For the stop: never waits long in front of the application, and what it cannot do does not hold the rest up. Null when
-- the view is back, else why not.
create function put_view_back_if_free(run bigint, view text) returns text
    language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '500ms' as $$
begin
    perform runbook.put_view_back(run, view);
    return null;
exception
    when others then return sqlerrm;
end
$$;

-- As before, and the views that open runs switched read the old shape again: mirrors hand over to it from here on.
create or replace function stop(reason text) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    view record;
    problem text;
begin
    perform runbook.alone_with_switches();
    insert into runbook.stop (reason, stopped_by) values ($1, session_user)
    on conflict (single) do update set reason = excluded.reason, stopped_by = excluded.stopped_by, at = clock_timestamp();
    update runbook.flag f set per_mille = 0, changed_by = session_user, reason = 'stop: ' || $1, changed_at = clock_timestamp()
    where f.per_mille <> 0;
    for view in
        select s.run, s.name from runbook.switched s join runbook.migration_run r on r.id = s.run
        where s.kind = 'view' and s.put_back_at is null and r.ended_at is null and r.parting is distinct from 'retired'
            and r.parting is distinct from 'dropped'
    loop
        for try in 1..3 loop
            problem := runbook.put_view_back_if_free(view.run, view.name);
            exit when problem is null;
            perform pg_sleep(0.2);
        end loop;
        if problem is not null then
            raise warning 'view % still reads the new shape: %', view.name, problem using
                hint = 'Batches, mirrors and flags are stopped. Remove the cause, then call runbook.stop again.';
        end if;
    end loop;
    insert into runbook.audit (act, subject, who, detail, once)
    values ('stop', 'database', session_user, jsonb_build_object('reason', $1), 'stop/' || clock_timestamp()::text);
end
$$;

-- Ends a stop. It switches nothing: what was written meanwhile has to be copied again first, which the run does when it is
-- sent 'retry'; then it flips its switches again by itself.
create function lift_stop(reason text) returns text
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform runbook.alone_with_switches();
    delete from runbook.stop;
    if not found then
        return 'Nothing was stopped.';
    end if;
    insert into runbook.audit (act, subject, who, detail, once)
    values ('lift_stop', 'database', session_user, jsonb_build_object('reason', $1), 'lift_stop/' || clock_timestamp()::text);
    return 'Batches and mirrors may go on. Flags and views stay on the old shape: send each open run the signal ''retry'','
        || ' which copies again what was written meanwhile and then switches again, or ''rollback''.';
end
$$;

revoke execute on function alone_with_switches(), switch_now(text, text), grant_words(oid, text, boolean),
    keep_view(bigint, text, text),
    put_view_back(bigint, text), put_view_back_if_free(bigint, text), lift_stop(text) from public;
