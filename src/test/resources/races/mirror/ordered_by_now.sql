-- Takes the start of the transaction for the time of the change.
create or replace function order_statuses() returns trigger
language plpgsql security definer set search_path = individual_process_status as $$
begin
    perform from individual_processes where id = new.individual_process_id for no key update;
    update individual_process_statuses
    set is_active = false
    where individual_process_id = new.individual_process_id and is_active and new.is_active;
    new.position := extract(epoch from now()) * 1000000;
    new.changed_at := coalesce(new.changed_at, now());
    return new;
end $$
