-- Takes the status records of one process away, and its claim, so that it can be copied anew; the legacy field stays.
-- Without a process: of up to 10,000 processes, to keep locks short; call it again until it returns 0.
-- It locks the process against everyone: a batch that has already read it must not write its status afterwards.
create function individual_process_status.cleanup_status_records(process_id bigint) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
    processes bigint[];
    deleted bigint;
begin
    select array_agg(chosen.id) into processes
    from (select distinct individual_process_id as id
          from individual_process_status.individual_process_statuses status
          where cleanup_status_records.process_id is null
              or status.individual_process_id = cleanup_status_records.process_id
          order by 1 limit 10000) chosen;
    perform from individual_process_status.individual_processes where id = any (processes) order by id for update;

    delete from individual_process_status.individual_process_statuses where individual_process_id = any (processes);
    get diagnostics deleted = row_count;
    delete from individual_process_status.individual_process_status_claims
    where individual_process_id = any (processes);
    return deleted;
end
$$;

revoke all on function individual_process_status.cleanup_status_records(bigint) from public;
