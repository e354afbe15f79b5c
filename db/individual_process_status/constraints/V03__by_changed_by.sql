-- For the foreign key to users that clean-up adds: without it every deleted user would cost a scan of the whole history.
drop index concurrently if exists individual_process_status.individual_process_statuses_by_changed_by;
create index concurrently individual_process_statuses_by_changed_by
    on individual_process_status.individual_process_statuses (changed_by);
