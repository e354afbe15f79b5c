-- Writes to the new tables by neither the copy nor a mirror nor a listed role, until the cutover. A trigger notes them and
-- lets them through: it never waits for a lock, and never refuses a statement.

create table watch (
    run      bigint not null references migration_run,
    relation text   not null,
    roles    text[] not null,
    since    timestamptz not null default clock_timestamp(),
    until    timestamptz,
    primary key (run, relation)
);

comment on column watch.relation is 'A new table; its triggers named runbook_foreign_… note who else writes to it.';
comment on column watch.roles is 'Those that may write to it all the same.';
comment on column watch.until is 'When it ended: with the first switch of the cutover, or with the way back.';

-- No foreign key: its lock on the run would be one more for the application to wait for.
create table foreign_write (
    id          bigint generated always as identity primary key,
    run         bigint not null,
    relation    text   not null,
    role        text   not null,
    acting_as   text   not null,
    application text   not null,
    statement   text   not null check (statement in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')),
    statements  bigint not null default 1,
    rows        bigint not null,
    keys        jsonb,
    first_at    timestamptz not null default clock_timestamp(),
    last_at     timestamptz not null default clock_timestamp()
);

create index on foreign_write (run, relation);

comment on table foreign_write is 'Several lines for the same writer, where his sessions wrote at the same time: add them up.';
comment on column foreign_write.role is 'Who logged in; acting_as is what SET ROLE made of it.';
comment on column foreign_write.keys is 'Of some of the rows, where the table has a primary key; before an update.';

-- A condition on rows "c" that were deleted or changed: no foreign key did it, which follows a row of the old shape that is
-- gone. Its triggers fire when its own statement is over, so no stack of calls tells.
create function still_referenced(relation oid) returns text
    language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(string_agg(format('(%s or exists (select from %s p where %s))', pairs.absent, k.confrelid::regclass,
        pairs.equal), ' and '), 'true')
    from pg_constraint k cross join lateral (
        select string_agg(format('c.%I is null', child.attname), ' or ') as absent,
            string_agg(format('p.%I operator(%I.%s) c.%I', parent.attname, o.oprnamespace::regnamespace, o.oprname,
                child.attname), ' and ') as equal
        from unnest(k.conkey, k.confkey, k.conpfeqop) as part (child, parent, equal)
        join pg_attribute child on child.attrelid = k.conrelid and child.attnum = part.child
        join pg_attribute parent on parent.attrelid = k.confrelid and parent.attnum = part.parent
        join pg_operator o on o.oid = part.equal) pairs
    where k.conrelid = relation and k.contype = 'f'
        -- A parent that cannot be read in full tells nothing, and asking it could refuse the application's statement.
        and has_table_privilege(k.confrelid, 'select') and not row_security_active(k.confrelid)
        and (k.confdeltype in ('c', 'n', 'd') or k.confupdtype in ('c', 'n', 'd'))
$$;

-- Arguments: the run, the roles that may write, and patterns of a stack of calls with a mirror in it. The rows are in the
-- table "changed". Every write of a mirror comes here, so the patterns come first: a regular expression takes twice as long.
create function note_foreign_write() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    stack text;
    acting text;
    relation_name text;
    application_name text;
    written bigint := 0;
    followed text;
    columns text;
    seen jsonb;
begin
    get diagnostics stack = pg_context;
    if stack like any (tg_argv[2]::text[]) then
        return null;
    end if;
    acting := current_setting('role');
    if session_user = any (tg_argv[1]::text[]) or acting = any (tg_argv[1]::text[]) then
        return null;
    end if;
    relation_name := tg_table_schema || '.' || tg_table_name;
    application_name := coalesce(current_setting('application_name', true), '');
    if tg_op <> 'TRUNCATE' then
        followed := case when tg_op = 'INSERT' then 'true' else runbook.still_referenced(tg_relid) end;
        execute format('select count(*) from changed c where %s', followed) into written;
        if written = 0 then
            return null;
        end if;
        select string_agg(quote_ident(a.attname), ', ') into columns from pg_index i
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
        where i.indrelid = tg_relid and i.indisprimary;
        if columns is not null then
            execute format('select jsonb_agg(to_jsonb(k)) from (select %s from changed c where %s limit 20) k',
                columns, followed) into seen;
        end if;
    end if;
    -- Under a stricter isolation a line that somebody has changed since would refuse the statement.
    if current_setting('transaction_isolation') = 'read committed' then
        update runbook.foreign_write f
        set statements = f.statements + 1, rows = f.rows + written, last_at = clock_timestamp(),
            keys = case when jsonb_array_length(coalesce(f.keys, '[]')) < 20
                then nullif(coalesce(f.keys, '[]') || coalesce(seen, '[]'), '[]') else f.keys end
        where f.id = (
            select free.id from runbook.foreign_write free
            where free.run = tg_argv[0]::bigint and free.relation = relation_name and free.role = session_user
                and free.acting_as = acting and free.application = application_name and free.statement = tg_op
            limit 1 for update skip locked);
        if found then
            return null;
        end if;
    end if;
    insert into runbook.foreign_write (run, relation, role, acting_as, application, statement, rows, keys)
    values (tg_argv[0]::bigint, relation_name, session_user, acting, application_name, tg_op, written, seen);
    return null;
end
$$;

revoke execute on function still_referenced(oid), note_foreign_write() from public;
