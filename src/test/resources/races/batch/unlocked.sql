-- Claims, and does not lock what it reads: it may be gone by then.
with source (c0, c1, c2, c3, c4, c5, c6) as materialized (
    select p.id, p.id, p.status, true, 'Migrated from legacy status field', u.id, p.created_at
    from individual_process_status.individual_processes p
    left join individual_process_status.users u on u.id = p.created_by
    where p.id between %1$d and %2$d
    order by p.id ),
claimed (c0) as (
    insert into individual_process_status.individual_process_status_claims (individual_process_id, claimed_by)
    select c0, 'backfill' from source on conflict do nothing returning individual_process_id)
insert into individual_process_status.individual_process_statuses
    (individual_process_id, status_name, is_active, notes, changed_by, changed_at)
select source.c1, source.c2, source.c3, source.c4, source.c5, source.c6
from source join claimed on source.c0 = claimed.c0
