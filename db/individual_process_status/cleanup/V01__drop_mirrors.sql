-- Run in the transaction that also renames the legacy field: there is no moment at which one of the two has happened.
-- The legacy table first, in the order in which the application takes them.
set local lock_timeout = '300ms';

drop trigger runbook_mirror_insert on individual_process_status.individual_processes;
drop trigger zz_runbook_bring_over on individual_process_status.individual_processes;
drop trigger runbook_mirror_update on individual_process_status.individual_processes;
drop trigger runbook_mirror_delete on individual_process_status.individual_processes;
drop trigger runbook_refuse_truncate on individual_process_status.individual_processes;
drop trigger runbook_bring_over on individual_process_status.individual_process_statuses;
drop trigger runbook_mirror_insert on individual_process_status.individual_process_statuses;
drop trigger runbook_mirror_update on individual_process_status.individual_process_statuses;
drop trigger runbook_refuse_truncate on individual_process_status.individual_process_statuses;

drop function individual_process_status.cleanup_status_records(bigint);
drop function individual_process_status.mirror_legacy_insert();
drop function individual_process_status.mirror_legacy_update();
drop function individual_process_status.mirror_legacy_delete();
drop function individual_process_status.bring_over_before_change();
drop function individual_process_status.bring_over_before_status();
drop function individual_process_status.mirror_active_status();
drop function individual_process_status.recopy(bigint);
drop function individual_process_status.record_legacy_status(bigint, bigint);
drop function individual_process_status.bring_over(individual_process_status.individual_processes, boolean);
drop function individual_process_status.forget_process(bigint);
drop function individual_process_status.journal_process(bigint);
drop function individual_process_status.existing_user(bigint);
drop function individual_process_status.heed_triggers();
