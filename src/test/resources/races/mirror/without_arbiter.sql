-- Trusts every writer to leave one active status behind.
drop index individual_process_statuses_one_active
