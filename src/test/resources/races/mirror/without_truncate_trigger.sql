-- Hears nothing of a truncate.
drop trigger runbook_refuse_truncate on individual_processes
