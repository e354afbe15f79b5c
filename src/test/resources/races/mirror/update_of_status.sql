-- Fires where the statement names the column.
drop trigger zz_runbook_bring_over on individual_processes;
drop trigger runbook_mirror_update on individual_processes;
create trigger zz_runbook_bring_over before update of status on individual_processes
    for each row execute function bring_over_before_change();
create trigger runbook_mirror_update after update of status on individual_processes
    for each row execute function mirror_legacy_update()
