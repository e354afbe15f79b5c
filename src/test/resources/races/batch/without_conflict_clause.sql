-- Copies what has no status yet, as of its snapshot, and expects to be the only one.
insert into individual_process_status.individual_process_statuses
    (individual_process_id, status_name, is_active, notes, changed_by, changed_at)
select p.id, p.status, true, 'Migrated from legacy status field', u.id, p.created_at
from individual_process_status.individual_processes p
left join individual_process_status.users u on u.id = p.created_by
where p.id between %1$d and %2$d
    and not exists (select from individual_process_status.individual_process_statuses s where s.individual_process_id = p.id)
order by p.id
