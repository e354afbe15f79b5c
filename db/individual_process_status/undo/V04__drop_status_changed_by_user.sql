alter table if exists individual_process_status.individual_process_statuses
    drop constraint if exists status_changed_by_user;
