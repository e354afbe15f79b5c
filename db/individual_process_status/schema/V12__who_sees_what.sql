-- Admins see every history, a client those of their own processes. The views say so themselves, because on PostgreSQL 14
-- a view reads with its owner's rights and row-level security on the table below it is not asked.
create view individual_process_status.individual_process_timeline with (security_barrier) as
select status.id, status.individual_process_id, status.position, status.status_name, status.is_active, status.notes,
    status.changed_by, actor.name as changed_by_name, status.changed_at, status.created_at
from individual_process_status.individual_process_statuses status
join individual_process_status.individual_processes process on process.id = status.individual_process_id
left join individual_process_status.users actor on actor.id = status.changed_by
where (select individual_process_status.is_admin())
    or process.client_id = (select individual_process_status.current_user_id())
order by status.individual_process_id, status.position;

create view individual_process_status.client_individual_processes with (security_barrier) as
select process.id, process.client_id, process.title, active.status_name as status, active.notes,
    active.changed_at as status_changed_at, process.created_at
from individual_process_status.individual_processes process
left join individual_process_status.individual_process_statuses active
    on active.individual_process_id = process.id and active.is_active
where (select individual_process_status.is_admin())
    or process.client_id = (select individual_process_status.current_user_id());

-- The same rule for whoever reads the table itself.
alter table individual_process_status.individual_process_statuses enable row level security;

create policy own_or_admin on individual_process_status.individual_process_statuses for select
using ((select individual_process_status.is_admin())
    or exists (select from individual_process_status.individual_processes process
               where process.id = individual_process_id
                   and process.client_id = (select individual_process_status.current_user_id())));
