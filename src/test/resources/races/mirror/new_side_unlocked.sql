-- Writes the new side without a lock on the process.
create or replace function order_statuses() returns trigger
language plpgsql security definer set search_path = individual_process_status as $$
begin
    update individual_process_statuses
    set is_active = false
    where individual_process_id = new.individual_process_id and is_active and new.is_active;
    new.position := nextval('individual_process_status_positions');
    new.changed_at := coalesce(new.changed_at, clock_timestamp());
    return new;
end $$;
drop trigger runbook_bring_over on individual_process_statuses;
drop trigger lock_process on individual_process_statuses
