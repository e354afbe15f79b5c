-- One lock for all of them: after the first the others are free.
drop trigger if exists runbook_note_departure on individual_process_status.users;
drop trigger if exists runbook_note_renumbering on individual_process_status.users;
drop trigger if exists runbook_refuse_truncate on individual_process_status.users;
drop table if exists individual_process_status.departed_users;
