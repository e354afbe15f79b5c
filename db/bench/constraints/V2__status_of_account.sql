alter table bench.account_statuses
    add constraint status_of_account foreign key (account_id) references bench.accounts (id) not valid;
