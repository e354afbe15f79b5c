-- The application's role where there is one: it reads and writes its own tables and owns nothing.
do $$
begin
    if exists (select from pg_catalog.pg_roles where rolname = 'app') then
        grant usage on schema individual_process_status to app;
        grant select, insert, update, delete
            on individual_process_status.users, individual_process_status.individual_processes to app;
        grant select on individual_process_status.individual_process_list to app;
    end if;
end
$$;
