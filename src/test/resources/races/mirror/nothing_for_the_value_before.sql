-- Claims, and leaves the value before to nobody: deactivate and insert is all that a change does.
create or replace function bring_over(process individual_processes, stays_active boolean) returns void
language plpgsql security definer set search_path = individual_process_status as $$
begin
    insert into individual_process_status_claims values (process.id, 'mirror') on conflict do nothing;
end $$
