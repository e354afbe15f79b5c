-- From here on the foreign key knows who is there.
drop trigger runbook_note_departure on individual_process_status.users;
drop trigger runbook_note_renumbering on individual_process_status.users;
drop trigger runbook_refuse_truncate on individual_process_status.users;

drop table individual_process_status.departed_users;
drop function individual_process_status.note_departure();
drop function individual_process_status.refuse_truncate();
