-- A foreign key of the new shape acts on the legacy table: it would go on deleting and checking.
alter table if exists individual_process_status.individual_process_statuses
    drop constraint if exists status_belongs_to_process;
