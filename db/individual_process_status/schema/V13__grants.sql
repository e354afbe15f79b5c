-- Whoever reads the legacy table may read the new shape; whoever may change the legacy status may call add_status.
-- Nobody gets a right on schema runbook, on the claims, or to write the new table.
do $$
declare
    grantee text;
    privilege text;
begin
    for grantee, privilege in
        select distinct case held.grantee when 0 then 'public' else format('%I', pg_get_userbyid(held.grantee)) end,
            held.privilege_type
        from pg_class legacy
        join pg_attribute status on status.attrelid = legacy.oid and status.attname = 'status'
        cross join lateral (select * from aclexplode(legacy.relacl)
                            union all select * from aclexplode(status.attacl)) held
        where legacy.oid = 'individual_process_status.individual_processes'::regclass
            and held.grantee <> legacy.relowner and held.privilege_type in ('SELECT', 'UPDATE')
    loop
        if privilege = 'SELECT' then
            execute format('grant select on individual_process_status.individual_process_statuses, '
                'individual_process_status.individual_process_timeline, '
                'individual_process_status.client_individual_processes to %s', grantee);
            execute format('grant execute on function individual_process_status.is_admin() to %s', grantee);
        else
            execute format('grant execute on function individual_process_status.new_status_system(bigint), '
                'individual_process_status.add_status(bigint, text, text) to %s', grantee);
        end if;
    end loop;
end
$$;
