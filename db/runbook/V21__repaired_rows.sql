-- What each row held before a repair wrote it, be it by its own statements, by a mirror or by a trigger on those. It holds
-- values of rows, so it is nobody's but this schema's owner's, and no report tells it.

create table repaired_row (
    id       bigint generated always as identity primary key,
    repair   bigint not null references repair,
    relation text   not null,
    key      jsonb  not null,
    before   text,
    after    text,
    at       timestamptz not null default clock_timestamp(),
    taken_by bigint references repair,
    outcome  text check (outcome in ('put back', 'changed since'))
);

create index on repaired_row (repair, relation, key);
create index on repaired_row (taken_by) where taken_by is not null;

comment on column repaired_row.before is 'The row as text, which its table''s type reads again; null where there was none.';
comment on column repaired_row.taken_by is 'The repair that took this one back; null while nobody has.';

-- On every touched table from the first repair of a run to its clean-up or roll-back. Whoever is not repairing pays the look
-- at one setting.
create function keep_repaired_row() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO'
    set intervalstyle = 'postgres' set extra_float_digits = 1 set bytea_output = 'hex' as $$
declare
    own constant bigint := current_setting('runbook.repair');
    relation_name constant text := format('%I.%I', tg_table_schema, tg_table_name);
    columns constant text[] := array(select a.attname::text from pg_index i
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
        where i.indrelid = tg_relid and i.indisprimary);
    was text;
    becomes text;
    old_key jsonb;
    new_key jsonb;
begin
    if columns = '{}' then
        raise object_not_in_prerequisite_state using
            message = format('%s has no primary key, so what a repair changes there could not be taken back', relation_name),
            hint = 'Nothing was repaired. Give it one, or correct the rows by hand.';
    end if;
    if tg_op <> 'INSERT' then
        was := old::text;
        select jsonb_object_agg(name, to_jsonb(old) -> name) into old_key from unnest(columns) name;
    end if;
    if tg_op <> 'DELETE' then
        becomes := new::text;
        select jsonb_object_agg(name, to_jsonb(new) -> name) into new_key from unnest(columns) name;
    end if;
    if old_key = new_key then
        insert into runbook.repaired_row (repair, relation, key, before, after)
        select own, relation_name, old_key, was, becomes where was is distinct from becomes;
    else
        insert into runbook.repaired_row (repair, relation, key, before, after)
        select own, relation_name, key, before, after
        from (values (old_key, was, null), (new_key, null, becomes)) line (key, before, after) where key is not null;
    end if;
    return null;
end
$$;

-- Whether the row was still as expected; then it is now as desired.
create function put_back(relation text, key jsonb, expected text, desired text) returns boolean
    language plpgsql set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO'
    set intervalstyle = 'postgres' set extra_float_digits = 1 set bytea_output = 'hex' as $$
declare
    here text;
    all_columns text;
    own_columns text;
    found_row text;
begin
    select string_agg(format('runbook_row.%1$I = (jsonb_populate_record(null::%2$s, $1)).%1$I', name, relation), ' and ')
    into here from jsonb_object_keys(key) name;
    select string_agg(quote_ident(attname), ', ' order by attnum),
        string_agg(quote_ident(attname), ', ' order by attnum) filter (where attidentity <> 'a')
    into all_columns, own_columns
    from pg_attribute where attrelid = relation::regclass and attnum > 0 and not attisdropped and attgenerated = '';

    -- What is put back is no news for the other shape; a mirror that was woken by a row before has set this off.
    perform set_config('runbook.mirror', 'on', true);
    execute format('select runbook_row::text from %s runbook_row where %s for update', relation, here)
    into found_row using key;
    if found_row is distinct from expected then
        return false;
    elsif desired is null then
        execute format('delete from %s runbook_row where %s', relation, here) using key;
    elsif found_row is null then
        execute format('insert into %1$s (%2$s) overriding system value select %2$s'
            ' from (select ($1::%1$s).*) runbook_was', relation, all_columns) using desired;
    else
        execute format('update %1$s runbook_row set (%2$s) = (select %2$s from (select ($2::%1$s).*) runbook_was)'
            ' where %3$s', relation, own_columns, here) using key, desired;
    end if;
    return true;
end
$$;

-- Undoes what mirrors and triggers have made of one row that was put back: they carry the old value over, where the other
-- shape held its own.
create function settle(own bigint, since bigint, relation text, key jsonb, desired text) returns void
    language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    made record;
    wanted text;
    settled boolean;
begin
    for round in 1 .. 5 loop
        settled := true;
        for made in
            select r.relation, r.key, (array_agg(r.before order by r.id))[1] as was,
                (array_agg(r.after order by r.id desc))[1] as becomes
            from runbook.repaired_row r where r.repair = own and r.id > since
            group by r.relation, r.key order by max(r.id) desc
        loop
            wanted := case when made.relation = settle.relation and made.key = settle.key then desired else made.was end;
            if made.becomes is distinct from wanted then
                perform runbook.put_back(made.relation, made.key, made.becomes, wanted);
                settled := false;
            end if;
        end loop;
        if settled then
            return;
        end if;
    end loop;
    raise object_not_in_prerequisite_state using
        message = format('A trigger changes again what is put back in %s', relation),
        hint = 'Nothing of this transaction was taken back. Correct the rows by hand.';
end
$$;

-- Some rows of a repair, the last ones first. One that somebody has changed since is left as it is.
create function take_back(taken bigint, own bigint, many integer) returns table (looked_at bigint, put_back bigint)
    language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    line record;
    since bigint;
    done boolean;
begin
    perform set_config('runbook.repair', own::text, true);
    looked_at := 0;
    put_back := 0;
    for line in
        select r.relation, r.key, (array_agg(r.before order by r.id))[1] as was,
            (array_agg(r.after order by r.id desc))[1] as becomes
        from runbook.repaired_row r where r.repair = taken and r.taken_by is null
        group by r.relation, r.key order by max(r.id) desc limit many
    loop
        select max(id) into since from runbook.repaired_row;
        done := runbook.put_back(line.relation, line.key, line.becomes, line.was);
        if done then
            perform runbook.settle(own, since, line.relation, line.key, line.was);
        end if;
        update runbook.repaired_row r
        set taken_by = own, outcome = case when done then 'put back' else 'changed since' end
        where r.repair = taken and r.relation = line.relation and r.key = line.key;
        looked_at := looked_at + 1;
        put_back := put_back + done::integer;
    end loop;
    return next;
end
$$;

revoke execute on function keep_repaired_row() from public;
revoke execute on function put_back(text, jsonb, text, text) from public;
revoke execute on function settle(bigint, bigint, text, jsonb, text) from public;
revoke execute on function take_back(bigint, bigint, integer) from public;
