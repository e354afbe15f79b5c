-- Part of the new shape for good: a new status takes the process's lock first, then its place after all others.
-- SET LOCAL runbook.mirror = 'on' skips it for the backfill alone, whose claim gives the same guarantee; clean-up ends that.
create function individual_process_status.order_statuses() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    perform from individual_process_status.individual_processes
    where id = new.individual_process_id for no key update;
    if not found then
        raise foreign_key_violation using message = pg_catalog.format(
            'A status was given to individual process %s, which does not exist', new.individual_process_id);
    end if;

    if new.is_active then
        update individual_process_status.individual_process_statuses
        set is_active = false
        where individual_process_id = new.individual_process_id and is_active;
    end if;

    new.position := pg_catalog.nextval('individual_process_status.individual_process_status_positions');
    new.created_at := pg_catalog.clock_timestamp();
    new.changed_at := coalesce(new.changed_at, new.created_at);
    return new;
end
$$;

-- A change of a status by hand holds that status already when it comes here. Waiting long for the process would be a
-- deadlock with the application, which takes the two the other way round, so it gives up at once instead.
create function individual_process_status.lock_process_of_status() returns trigger
language plpgsql security definer set search_path = '' set lock_timeout = '50ms' as $$
begin
    perform from individual_process_status.individual_processes
    where id in (old.individual_process_id, new.individual_process_id)
    order by id for no key update;
    return new;
end
$$;

revoke all on function individual_process_status.order_statuses() from public;
revoke all on function individual_process_status.lock_process_of_status() from public;

create trigger set_position before insert on individual_process_status.individual_process_statuses
    for each row when (pg_catalog.current_setting('runbook.mirror', true) is distinct from 'on')
    execute function individual_process_status.order_statuses();

create trigger lock_process before update on individual_process_status.individual_process_statuses
    for each row when (pg_catalog.current_setting('runbook.mirror', true) is distinct from 'on'
        and (old.is_active, old.status_name, old.individual_process_id)
            is distinct from (new.is_active, new.status_name, new.individual_process_id))
    execute function individual_process_status.lock_process_of_status();
