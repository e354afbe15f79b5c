-- Ends the loop by a setting that lasts until the transaction does.
create or replace function mirror_legacy_update() returns trigger
language plpgsql security definer set search_path = individual_process_status as $$
begin
    perform record_legacy_status(new.id, new.updated_by);
    perform set_config('runbook.mirror', 'on', true);
    return null;
end $$;
create or replace trigger runbook_mirror_update after update on individual_processes
    for each row when (current_setting('runbook.mirror', true) is distinct from 'on'
        and old.status is distinct from new.status)
    execute function mirror_legacy_update()
