-- Two objects: no longer wait for the second than an application waits before it looks for a deadlock.
set local lock_timeout = '300ms';

drop view if exists individual_process_status.individual_process_timeline;
drop view if exists individual_process_status.client_individual_processes;
