-- There only after clean-up, when what was retired is brought back: the foreign key would go on reading the statuses that
-- were moved aside whenever a user is deleted. It takes two tables: no longer a wait for the second than an application
-- waits before it looks for a deadlock.
set local lock_timeout = '300ms';

alter table if exists individual_process_status.individual_process_statuses
    drop constraint if exists status_changed_by_user;
