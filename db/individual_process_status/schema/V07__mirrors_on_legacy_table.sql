-- All at once: the first statement takes the only lock there is to take, and no write falls between two of them. Installed
-- one by one they lost some: a process that was deleted under the mirrors and brought back before inserts were mirrored
-- stayed claimed, so that no batch would copy it.

-- AFTER: an INSERT … ON CONFLICT that writes nothing is not mirrored.
create trigger runbook_mirror_insert after insert on individual_process_status.individual_processes
    for each row execute function individual_process_status.mirror_legacy_insert();

-- WHEN rather than UPDATE OF: a BEFORE trigger of the application may set the status in a statement that does not name
-- it. Updates of anything else pay for the comparison alone.
create trigger runbook_mirror_update after update on individual_process_status.individual_processes
    for each row when (old.status is distinct from new.status or old.id <> new.id)
    execute function individual_process_status.mirror_legacy_update();

-- Sorts last, to see the status as the application's own BEFORE triggers leave it.
create trigger zz_runbook_bring_over before update on individual_process_status.individual_processes
    for each row when (old.status is distinct from new.status or old.id <> new.id)
    execute function individual_process_status.bring_over_before_change();

create trigger runbook_mirror_delete after delete on individual_process_status.individual_processes
    for each row execute function individual_process_status.mirror_legacy_delete();

create trigger runbook_refuse_truncate before truncate on individual_process_status.individual_processes
    for each statement execute function individual_process_status.refuse_truncate();
