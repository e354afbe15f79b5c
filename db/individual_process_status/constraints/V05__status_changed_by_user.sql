alter table individual_process_status.individual_process_statuses
    add constraint status_changed_by_user
    foreign key (changed_by) references individual_process_status.users (id)
    on update cascade on delete set null not valid;
