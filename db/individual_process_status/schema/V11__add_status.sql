-- The new way to change a status, the only right on the new shape that the application gets beside reading.
create function individual_process_status.is_admin() returns boolean
language sql stable security definer set search_path = '' as $$
    select exists (select from individual_process_status.users
                   where id = individual_process_status.current_user_id() and role = 'admin')
$$;

-- Whether the application may use add_status: for one process, or for all of them when asked without.
create function individual_process_status.new_status_system(process_id bigint default null) returns boolean
language sql stable security definer set search_path = '' as $$
    select runbook.flag_on('new_status_system', '', coalesce(process_id::text, ''))
$$;

-- Locks the caller's user row, then the process, then writes: the order that every path keeps.
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
    where id = individual_process_status.current_user_id() and role = 'admin' for key share;
    if not found then
        raise insufficient_privilege using message = 'Only admins may update the status';
    end if;
    perform from individual_process_status.individual_processes where id = add_status.process_id for no key update;
    if not found then
        raise no_data_found using message =
            pg_catalog.format('Individual process %s does not exist, so no status was added', add_status.process_id);
    end if;

    insert into individual_process_status.individual_process_statuses
        (individual_process_id, status_name, is_active, notes, changed_by)
    values (add_status.process_id, add_status.status_name, true, add_status.notes, actor)
    returning id into added;
    return added;
end
$$;

revoke all on function individual_process_status.is_admin() from public;
revoke all on function individual_process_status.new_status_system(bigint) from public;
revoke all on function individual_process_status.add_status(bigint, text, text) from public;
