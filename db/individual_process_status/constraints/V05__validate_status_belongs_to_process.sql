-- Reads every row but lets everyone write meanwhile. A status without its process would stop the run here.
alter table individual_process_status.individual_process_statuses validate constraint status_belongs_to_process;
