create trigger runbook_mirror_delete after delete on individual_process_status.individual_processes
    for each row execute function individual_process_status.mirror_legacy_delete();
