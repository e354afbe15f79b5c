-- Mirrors at the end of the transaction.
drop trigger runbook_mirror_update on individual_processes;
create constraint trigger runbook_mirror_update after update on individual_processes
    deferrable initially deferred
    for each row when (old.status is distinct from new.status or old.id <> new.id)
    execute function mirror_legacy_update()
