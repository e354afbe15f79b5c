-- Ends the loop by its depth: what a trigger of the application writes is not mirrored either.
create or replace trigger runbook_mirror_update after update on individual_processes
    for each row when (pg_trigger_depth() = 0 and old.status is distinct from new.status)
    execute function mirror_legacy_update();
create or replace trigger zz_runbook_bring_over before update on individual_processes
    for each row when (pg_trigger_depth() = 0 and old.status is distinct from new.status)
    execute function bring_over_before_change()
