-- From here on one lock on the application's table per script. The order is safe at every point between two scripts:
-- what is inserted unmirrored is copied later, but a mirrored row whose update or delete went unseen would stay wrong.
create trigger runbook_refuse_truncate before truncate on individual_process_status.individual_processes
    for each statement execute function individual_process_status.refuse_truncate();
