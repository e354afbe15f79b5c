-- AFTER: an INSERT … ON CONFLICT that writes nothing is not mirrored. WHEN rather than UPDATE OF: a BEFORE trigger of the
-- application may set the status in a statement that does not name it. Other updates pay the comparison only.
create trigger runbook_mirror_update after update on individual_process_status.individual_processes
    for each row when (old.status is distinct from new.status or old.id <> new.id)
    execute function individual_process_status.mirror_legacy_update();
