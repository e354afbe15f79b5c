alter table bench.account_statuses validate constraint status_by_person;
