-- New shape to legacy field. These triggers stand before those on the legacy table: nobody writes here yet.
create function individual_process_status.bring_over_before_status() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
    process individual_process_status.individual_processes;
begin
    select * into process from individual_process_status.individual_processes
    where id = new.individual_process_id for no key update;
    if found then
        perform individual_process_status.bring_over(process, false);
    end if;
    return new;
end
$$;

-- Writes the status that is active now, and only if the field differs: that ends the loop between the two mirrors.
create function individual_process_status.mirror_active_status() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    if runbook.stopped() then
        perform individual_process_status.journal_process(new.individual_process_id);
        return null;
    end if;
    update individual_process_status.individual_processes process
    set status = active.status_name, updated_by = active.changed_by, updated_at = active.changed_at
    from individual_process_status.individual_process_statuses active
    where process.id = new.individual_process_id
        and active.individual_process_id = process.id and active.is_active
        and active.status_name is distinct from process.status;
    return null;
end
$$;

create function individual_process_status.refuse_truncate() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    raise object_not_in_prerequisite_state using
        message = pg_catalog.format('%I.%I is being migrated and cannot be truncated', tg_table_schema, tg_table_name),
        hint = 'Nothing was removed. Use DELETE, which both shapes follow, or wait for the end of the migration.';
end
$$;

revoke all on function individual_process_status.bring_over_before_status() from public;
revoke all on function individual_process_status.mirror_active_status() from public;
revoke all on function individual_process_status.refuse_truncate() from public;

-- Sorts before set_position, so the migrated status gets the lower number.
create trigger runbook_bring_over before insert on individual_process_status.individual_process_statuses
    for each row when (pg_catalog.current_setting('runbook.mirror', true) is distinct from 'on')
    execute function individual_process_status.bring_over_before_status();

create trigger runbook_mirror_insert after insert on individual_process_status.individual_process_statuses
    for each row when (pg_catalog.current_setting('runbook.mirror', true) is distinct from 'on' and new.is_active)
    execute function individual_process_status.mirror_active_status();

-- Not where a status follows its process to another number: the legacy field, written in the same statement, is ahead.
create trigger runbook_mirror_update after update on individual_process_status.individual_process_statuses
    for each row when (pg_catalog.current_setting('runbook.mirror', true) is distinct from 'on' and new.is_active
        and (old.is_active, old.status_name) is distinct from (new.is_active, new.status_name))
    execute function individual_process_status.mirror_active_status();

create trigger runbook_refuse_truncate before truncate on individual_process_status.individual_process_statuses
    for each statement execute function individual_process_status.refuse_truncate();
