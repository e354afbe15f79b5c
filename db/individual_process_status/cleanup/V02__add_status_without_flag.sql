-- The legacy field is no longer a way back, so nothing may switch the only way to change a status off: what remains does
-- not ask Runbook's tables.
create or replace function individual_process_status.new_status_system(process_id bigint default null)
returns boolean
language sql immutable security definer set search_path = '' as $$
    select true
$$;

create or replace function individual_process_status.add_status(
    process_id bigint, status_name text, notes text default null) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
    actor bigint;
    added bigint;
begin
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
