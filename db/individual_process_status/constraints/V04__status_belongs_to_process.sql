-- NOT VALID: holds for every write from now on, without reading the rows that are there. CASCADE both ways, because the
-- application may delete a process or give it another number as it always could.
-- It takes two tables. The wait for the second is over before any deadlock_timeout (1 s) is: an application that holds
-- the second and wants the first must not be the one to fail. Refused with 55P03, it is simply run again.
set local lock_timeout = '300ms';

alter table individual_process_status.individual_process_statuses
    add constraint status_belongs_to_process
    foreign key (individual_process_id) references individual_process_status.individual_processes (id)
    on update cascade on delete cascade not valid;
