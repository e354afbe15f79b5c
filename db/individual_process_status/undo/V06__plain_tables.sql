-- What is left are two plain tables without rights, rules or names that a later run would meet in the archive again.
-- Names of indexes and sequences are one space per schema, so they go; nothing else of the rows is touched.
set local lock_timeout = '300ms';

drop trigger if exists runbook_bring_over on individual_process_status.individual_process_statuses;
drop trigger if exists runbook_mirror_insert on individual_process_status.individual_process_statuses;
drop trigger if exists runbook_mirror_update on individual_process_status.individual_process_statuses;
drop trigger if exists runbook_refuse_truncate on individual_process_status.individual_process_statuses;
drop trigger if exists set_position on individual_process_status.individual_process_statuses;
drop trigger if exists lock_process on individual_process_status.individual_process_statuses;
drop policy if exists own_or_admin on individual_process_status.individual_process_statuses;

drop index if exists individual_process_status.individual_process_statuses_one_active;
drop index if exists individual_process_status.individual_process_statuses_by_individual_process_active;
drop index if exists individual_process_status.individual_process_statuses_by_individual_process;
drop index if exists individual_process_status.individual_process_statuses_by_changed_at;
drop index if exists individual_process_status.individual_process_statuses_by_changed_by;

do $$
declare
    grantee text;
begin
    if to_regclass('individual_process_status.individual_process_statuses') is not null then
        alter table individual_process_status.individual_process_statuses
            disable row level security,
            drop constraint if exists individual_process_statuses_pkey,
            alter column id drop identity if exists,
            alter column position drop default;
        for grantee in
            select distinct case held.grantee when 0 then 'public' else format('%I', pg_get_userbyid(held.grantee)) end
            from pg_class status cross join lateral aclexplode(status.relacl) held
            where status.oid = 'individual_process_status.individual_process_statuses'::regclass
                and held.grantee <> status.relowner
        loop
            execute format('revoke all on individual_process_status.individual_process_statuses from %s', grantee);
        end loop;
    end if;
end
$$;

drop sequence if exists individual_process_status.individual_process_status_positions;

alter table if exists individual_process_status.individual_process_status_claims
    drop constraint if exists individual_process_status_claims_pkey;
