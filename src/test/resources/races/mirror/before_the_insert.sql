-- Mirrors an insert before it is known whether anything is inserted.
create or replace function mirror_legacy_insert() returns trigger
language plpgsql security definer set search_path = individual_process_status as $$
begin
    insert into individual_process_status_claims values (new.id, 'mirror') on conflict do nothing;
    insert into individual_process_statuses (individual_process_id, status_name, is_active, notes)
    values (new.id, new.status, true, 'Changed through the legacy status field');
    return new;
end $$;
create or replace trigger runbook_mirror_insert before insert on individual_processes
    for each row execute function mirror_legacy_insert()
