-- Writes the value that the trigger was given, whatever the row holds by now.
create or replace function mirror_legacy_update() returns trigger
language plpgsql security definer set search_path = individual_process_status as $$
begin
    perform set_config('runbook.mirror', 'on', true);
    update individual_process_statuses set is_active = false
    where individual_process_id = new.id and is_active and status_name is distinct from new.status;
    if found then
        insert into individual_process_statuses
            (individual_process_id, status_name, is_active, notes, changed_by, changed_at)
        values (new.id, new.status, true, 'Changed through the legacy status field', existing_user(new.updated_by), clock_timestamp());
    end if;
    perform set_config('runbook.mirror', 'off', true);
    return null;
end $$
