-- The order of statuses stays part of the shape; the backfill's way around it goes.
create or replace trigger set_position before insert on individual_process_status.individual_process_statuses
    for each row execute function individual_process_status.order_statuses();

create or replace trigger lock_process before update on individual_process_status.individual_process_statuses
    for each row when ((old.is_active, old.status_name, old.individual_process_id)
        is distinct from (new.is_active, new.status_name, new.individual_process_id))
    execute function individual_process_status.lock_process_of_status();
