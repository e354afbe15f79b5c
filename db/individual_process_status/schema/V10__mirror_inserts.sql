create trigger runbook_mirror_insert after insert on individual_process_status.individual_processes
    for each row execute function individual_process_status.mirror_legacy_insert();
