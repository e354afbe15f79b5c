-- The timeline's index. An interrupted CONCURRENTLY leaves an invalid index behind, so whatever is there goes first.
drop index concurrently if exists individual_process_status.individual_process_statuses_by_individual_process;
create index concurrently individual_process_statuses_by_individual_process
    on individual_process_status.individual_process_statuses (individual_process_id, position);
