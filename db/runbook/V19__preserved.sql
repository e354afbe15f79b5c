-- Columns of the old shape that the migration itself changed though it did not say so: by the copy, by a mirror, or by a
-- trigger of the application on such a write. What the application changes is its own affair.

create table changed_column (
    id       bigint generated always as identity primary key,
    run      bigint not null,
    relation text   not null,
    columns  text[] not null,
    rows     bigint not null default 1,
    key      jsonb,
    first_at timestamptz not null default clock_timestamp(),
    last_at  timestamptz not null default clock_timestamp()
);

create index on changed_column (run, relation);

comment on table changed_column is 'Several lines for the same columns, where sessions wrote at the same time: add them up.';
comment on column changed_column.key is 'Of the first row, where the table has a primary key.';

-- Arguments: the run, the columns that may change, patterns of a stack of calls with a mirror in it, the table: where it is
-- partitioned, the trigger fires at a partition, which has another name.
create function note_changed_columns() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    stack text;
    relation_name text;
    differing text[];
begin
    get diagnostics stack = pg_context;
    if current_setting('runbook.session', true) is distinct from 'on' and not stack like any (tg_argv[2]::text[]) then
        return null;
    end if;
    relation_name := tg_argv[3];
    select array_agg(n.key order by n.key) into differing
    from jsonb_each(to_jsonb(new)) n
    where n.value is distinct from to_jsonb(old) -> n.key and n.key <> all (tg_argv[1]::text[]);
    if differing is null then
        return null;
    end if;
    -- Under a stricter isolation a line that somebody has changed since would refuse the statement.
    if current_setting('transaction_isolation') = 'read committed' then
        update runbook.changed_column c set rows = c.rows + 1, last_at = clock_timestamp()
        where c.id = (
            select free.id from runbook.changed_column free
            where free.run = tg_argv[0]::bigint and free.relation = relation_name and free.columns = differing
            limit 1 for update skip locked);
        if found then
            return null;
        end if;
    end if;
    insert into runbook.changed_column (run, relation, columns, key)
    values (tg_argv[0]::bigint, relation_name, differing, (
        select jsonb_object_agg(a.attname, to_jsonb(old) -> a.attname::text)
        from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
        where i.indrelid = tg_relid and i.indisprimary));
    return null;
end
$$;

revoke execute on function note_changed_columns() from public;
