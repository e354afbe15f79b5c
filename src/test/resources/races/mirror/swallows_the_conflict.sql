-- Takes a conflict for a sign that somebody else has written what there was to write.
create or replace function bring_over(process individual_processes, stays_active boolean) returns void
language plpgsql security definer set search_path = individual_process_status as $$ begin end $$;

create or replace function record_legacy_status(process_id bigint, actor bigint) returns void
language plpgsql security definer set search_path = individual_process_status as $$
begin
    insert into individual_process_statuses (individual_process_id, status_name, is_active, notes, changed_by)
    select id, status, true, 'Changed through the legacy status field', existing_user(actor)
    from individual_processes where id = process_id;
exception when unique_violation then
    null;
end $$
