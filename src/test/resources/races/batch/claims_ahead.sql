-- Claims in a transaction of its own, before the one that writes.
insert into individual_process_status.individual_process_status_claims (individual_process_id, claimed_by)
select id, 'backfill' from individual_process_status.individual_processes where id between %1$d and %2$d
on conflict do nothing;
commit;
set local runbook.mirror = 'on';
insert into individual_process_status.individual_process_statuses
    (individual_process_id, status_name, is_active, notes, changed_by, changed_at)
select p.id, p.status, true, 'Migrated from legacy status field', u.id, p.created_at
from individual_process_status.individual_processes p
join individual_process_status.individual_process_status_claims c on c.individual_process_id = p.id and c.claimed_by = 'backfill'
left join individual_process_status.users u on u.id = p.created_by
where p.id between %1$d and %2$d
    and not exists (select from individual_process_status.individual_process_statuses s where s.individual_process_id = p.id)
