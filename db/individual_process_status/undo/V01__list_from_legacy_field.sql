-- The list reads the legacy field again, in case nobody put it back before. Left alone where it already does.
do $$
begin
    if exists (select from pg_depend on_table
               join pg_rewrite rule on rule.oid = on_table.objid and on_table.classid = 'pg_rewrite'::regclass
               where rule.ev_class = to_regclass('individual_process_status.individual_process_list')
                   and on_table.refobjid = to_regclass('individual_process_status.individual_process_statuses')) then
        create or replace view individual_process_status.individual_process_list as
        select id, client_id, title, status, created_by, created_at, updated_by, updated_at
        from individual_process_status.individual_processes;
    end if;
end
$$;
