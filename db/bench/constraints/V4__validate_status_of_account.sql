alter table bench.account_statuses validate constraint status_of_account;
