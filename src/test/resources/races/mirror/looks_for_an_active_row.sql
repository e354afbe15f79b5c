-- Takes a process without an active status for one that nobody has brought over.
create or replace function bring_over(process individual_processes, stays_active boolean) returns void
language plpgsql security definer set search_path = individual_process_status as $$
begin
    perform set_config('runbook.mirror', 'on', true);
    insert into individual_process_statuses (individual_process_id, status_name, is_active, notes, changed_by, changed_at)
    select process.id, process.status, stays_active, 'Migrated from legacy status field', process.created_by,
        process.created_at
    where not exists (select from individual_process_statuses where individual_process_id = process.id and is_active);
    perform set_config('runbook.mirror', 'off', true);
end $$
