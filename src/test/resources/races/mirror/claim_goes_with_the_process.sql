-- Takes the claim away with the process: whoever has read it may claim it again.
create or replace function forget_process(process_id bigint) returns void
language sql security definer set search_path = individual_process_status as $$
    delete from individual_process_status_claims where individual_process_id = process_id;
    delete from individual_process_statuses where individual_process_id = process_id;
$$
