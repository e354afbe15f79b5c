-- NOT VALID: holds for every write from now on, without reading the rows that are there. Not before the mirrors are gone,
-- see schema/V06__departed_users.sql.
-- It takes two tables. The wait for the second is over before any deadlock_timeout (1 s) is: an application that holds
-- the second and wants the first must not be the one to fail. Refused with 55P03, it is simply run again.
set local lock_timeout = '300ms';

alter table individual_process_status.individual_process_statuses
    add constraint status_changed_by_user
    foreign key (changed_by) references individual_process_status.users (id)
    on update cascade on delete set null not valid;
