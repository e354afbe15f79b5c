-- Users deleted between the first status and the foreign key: their statuses say "unknown" like those of all users
-- who were gone before. Row by row what is free, committed at once: waiting here for a row while holding others would
-- be a deadlock with the application.
do $$
declare
    deadline constant timestamptz := clock_timestamp() + interval '10 minutes';
    tidied bigint;
begin
    loop
        update individual_process_status.individual_process_statuses set changed_by = null
        where id in (select status.id from individual_process_status.individual_process_statuses status
                     where status.changed_by is not null
                         and not exists (select from individual_process_status.users where id = status.changed_by)
                     limit 1000 for no key update of status skip locked);
        get diagnostics tidied = row_count;
        commit;
        exit when tidied = 0 and not exists (
            select from individual_process_status.individual_process_statuses status
            where status.changed_by is not null
                and not exists (select from individual_process_status.users where id = status.changed_by));
        if clock_timestamp() > deadline then
            raise lock_not_available using message = 'Statuses by deleted users were in use for 10 minutes';
        end if;
        perform pg_sleep(case when tidied = 0 then 0.1 else 0 end);
    end loop;
end
$$;
