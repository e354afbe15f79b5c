-- What the application gets: one function to change a status, two views to see it, and the rights to use them. One script,
-- so that nobody finds a function there and is refused it.

-- Whether the application may use add_status: for one process, or for all of them when asked without.
create function individual_process_status.new_status_system(process_id bigint default null) returns boolean
language sql stable security definer set search_path = '' as $$
    select runbook.flag_on('new_status_system', '', coalesce(process_id::text, ''))
$$;

-- Locks the process, then writes: the order that every path keeps. The caller's user row is read without a lock.
create function individual_process_status.add_status(process_id bigint, status_name text, notes text default null)
returns bigint
language plpgsql security definer set search_path = '' as $$
declare
    actor bigint;
    added bigint;
begin
    if not individual_process_status.new_status_system(add_status.process_id) then
        raise sqlstate 'RB001' using message = 'New status system temporarily disabled',
            hint = 'Write individual_processes.status until it is enabled again.';
    end if;
    select id into actor from individual_process_status.users
    where id = individual_process_status.current_user_id() and role = 'admin';
    if not found then
        raise insufficient_privilege using message = 'Only admins may update the status';
    end if;
    perform from individual_process_status.individual_processes where id = add_status.process_id for no key update;
    if not found then
        raise no_data_found using message =
            pg_catalog.format('Individual process %s does not exist, so no status was added', add_status.process_id);
    end if;

    perform individual_process_status.heed_triggers();
    insert into individual_process_status.individual_process_statuses
        (individual_process_id, status_name, is_active, notes, changed_by)
    values (add_status.process_id, add_status.status_name, true, add_status.notes, actor)
    returning id into added;
    return added;
end
$$;

revoke all on function individual_process_status.new_status_system(bigint) from public;
revoke all on function individual_process_status.add_status(bigint, text, text) from public;

-- Admins see every history, a client those of their own processes, as in the table's policy. The views say so themselves:
-- on PostgreSQL 14 a view reads with its owner's rights, and the policy on the table below it is not asked.
create view individual_process_status.individual_process_timeline with (security_barrier) as
select status.id, status.individual_process_id, status.position, status.status_name, status.is_active, status.notes,
    status.changed_by, actor.name as changed_by_name, status.changed_at, status.created_at
from individual_process_status.individual_process_statuses status
join individual_process_status.individual_processes process on process.id = status.individual_process_id
left join individual_process_status.users actor on actor.id = status.changed_by
where (select individual_process_status.is_admin())
    or process.client_id = (select individual_process_status.current_user_id())
order by status.individual_process_id, status.position;

-- In two halves, of which the database runs one: with "admin or own" in one condition a client's few processes would be
-- looked for in the whole table.
create view individual_process_status.client_individual_processes with (security_barrier) as
select process.id, process.client_id, process.title, active.status_name as status, active.notes,
    active.changed_at as status_changed_at, process.created_at
from individual_process_status.individual_processes process
left join individual_process_status.individual_process_statuses active
    on active.individual_process_id = process.id and active.is_active
where process.client_id = (select individual_process_status.current_user_id())
    and not (select individual_process_status.is_admin())
union all
select process.id, process.client_id, process.title, active.status_name, active.notes, active.changed_at,
    process.created_at
from individual_process_status.individual_processes process
left join individual_process_status.individual_process_statuses active
    on active.individual_process_id = process.id and active.is_active
where (select individual_process_status.is_admin());

-- Whoever reads the legacy table may read the new shape; whoever may change the legacy status may call add_status.
-- Nobody gets a right on schema runbook, on the claims, or to write the new table.
do $$
declare
    grantee text;
    privilege text;
begin
    for grantee, privilege in
        select distinct case held.grantee when 0 then 'public' else format('%I', pg_get_userbyid(held.grantee)) end,
            held.privilege_type
        from pg_class legacy
        join pg_attribute status on status.attrelid = legacy.oid and status.attname = 'status'
        cross join lateral (select * from aclexplode(legacy.relacl)
                            union all select * from aclexplode(status.attacl)) held
        where legacy.oid = 'individual_process_status.individual_processes'::regclass
            and held.grantee <> legacy.relowner and held.privilege_type in ('SELECT', 'UPDATE')
    loop
        if privilege = 'SELECT' then
            execute format('grant select on individual_process_status.individual_process_statuses, '
                'individual_process_status.individual_process_timeline, '
                'individual_process_status.client_individual_processes to %s', grantee);
            execute format('grant execute on function individual_process_status.is_admin() to %s', grantee);
        else
            execute format('grant execute on function individual_process_status.new_status_system(bigint), '
                'individual_process_status.add_status(bigint, text, text) to %s', grantee);
        end if;
    end loop;
end
$$;
