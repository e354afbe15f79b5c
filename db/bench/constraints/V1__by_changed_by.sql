drop index concurrently if exists bench.account_statuses_by_changed_by;
create index concurrently account_statuses_by_changed_by on bench.account_statuses (changed_by, changed_at);
