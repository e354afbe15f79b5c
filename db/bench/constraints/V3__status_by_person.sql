alter table bench.account_statuses
    add constraint status_by_person foreign key (changed_by) references bench.people (id) not valid;
