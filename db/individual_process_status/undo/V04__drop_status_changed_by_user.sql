-- It takes two tables. The wait for the second is over before any deadlock_timeout (1 s) is: an application that holds
-- the second and wants the first must not be the one to fail. Refused with 55P03, it is simply run again.
set local lock_timeout = '300ms';

alter table if exists individual_process_status.individual_process_statuses
    drop constraint if exists status_changed_by_user;
