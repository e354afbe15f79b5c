-- Waits for the process for as long as it takes, with a status of it in hand.
alter function lock_process_of_status() reset lock_timeout
