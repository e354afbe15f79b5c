-- Sorts last, to see the status as the application's own BEFORE triggers leave it.
create trigger zz_runbook_bring_over before update on individual_process_status.individual_processes
    for each row when (old.status is distinct from new.status or old.id <> new.id)
    execute function individual_process_status.bring_over_before_change();
