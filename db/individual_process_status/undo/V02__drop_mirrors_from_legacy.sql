-- One lock for all of them: after the first the others are free.
drop trigger if exists runbook_mirror_insert on individual_process_status.individual_processes;
drop trigger if exists zz_runbook_bring_over on individual_process_status.individual_processes;
drop trigger if exists runbook_mirror_update on individual_process_status.individual_processes;
drop trigger if exists runbook_mirror_delete on individual_process_status.individual_processes;
drop trigger if exists runbook_refuse_truncate on individual_process_status.individual_processes;
