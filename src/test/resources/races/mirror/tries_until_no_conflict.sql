-- Tries again after a conflict, which an old snapshot never sees go away. A hundred times stand for ever.
create or replace function bring_over(process individual_processes, stays_active boolean) returns void
language plpgsql security definer set search_path = individual_process_status as $$ begin end $$;

create or replace function record_legacy_status(process_id bigint, actor bigint) returns void
language plpgsql security definer set search_path = individual_process_status as $$
begin
    for i in 1..100 loop
        begin
            insert into individual_process_statuses (individual_process_id, status_name, is_active, notes, changed_by)
    select id, status, true, 'Changed through the legacy status field', existing_user(actor)
    from individual_processes where id = process_id;
            return;
        exception when unique_violation then
            null;
        end;
    end loop;
    raise 'would never end';
end $$
