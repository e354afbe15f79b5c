-- A legacy database as years of use leave it. The same rows for the same sample.rows and sample.seed, on any day: no
-- clock, no random(). The seed changes names, clients, statuses and times; how many rows are odd, and how, it does not:
-- expected.properties has those numbers, worked out by hand.
do $$
begin
    if exists (select from individual_process_status.individual_processes) then
        raise object_not_in_prerequisite_state using
            message = 'individual_process_status.individual_processes holds rows already, so no sample was made',
            hint = 'Point to an empty database.';
    end if;
end
$$;

-- A number from 0 to 65535 that looks like chance.
create function pg_temp.draw(subject bigint, salt bigint) returns bigint language sql stable as $$
    select ((($1 * 2654435761 + $2 * 2246822519
        + current_setting('sample.seed')::bigint % 1000000 * 3266489917) % 4294967296) * 40503 % 4294967296) / 65536
$$;

-- Admins 1 to 20, staff 21 to 50, clients from 101. Numbers 51 to 100 were people who have left.
insert into individual_process_status.users (id, name, role, created_at)
select id,
    (array['Ana', 'Bruno', 'Célia', 'Davi', 'Eva', 'Fábio', 'Gil', 'Helena', 'Igor', 'Júlia', 'Kai', 'Lia', 'Maria José',
        'Noé', 'Olga', 'Paulo'])[1 + pg_temp.draw(id, 1) % 16]
        || ' '
        || (array['Almeida', 'Barros', 'D''Ávila', 'Esteves', 'Ferreira', 'Gomes', 'Lima', 'Nunes', 'O''Brien', 'Prado',
            'da Silva', 'Souza', 'Vieira'])[1 + pg_temp.draw(id, 2) % 13],
    case when id <= 20 then 'admin' when id <= 50 then 'staff' else 'client' end,
    timestamptz '2018-06-01 08:00+00' + pg_temp.draw(id, 3) * interval '20 minutes'
from generate_series(1, 100 + greatest(100, current_setting('sample.rows')::bigint / 10)) id
where id not between 51 and 100;

-- Every tenth row is odd. Its number among the odd ones picks each oddity by itself, so that all of them meet:
-- nine kinds of status, three of creator, four of creation time, 108 combinations in turn.
with plain as (
    select i, i + i / 100 * 7 as id, case when i % 10 = 0 then i / 10 - 1 end as odd,
        pg_temp.draw(i, 4) as d4, pg_temp.draw(i, 5) as d5, pg_temp.draw(i, 6) as d6, pg_temp.draw(i, 7) as d7
    from generate_series(1, current_setting('sample.rows')::bigint) i
), mixed as (
    select *, coalesce(odd % 9, 0) as status_kind, coalesce(odd / 9 % 3, 0) as creator_kind,
        coalesce(odd / 27 % 4, 0) as time_kind,
        (array['draft', 'pending_documents', 'pending_documents', 'documents_submitted', 'documents_submitted',
            'under_review', 'under_review', 'on_hold', 'approved', 'approved', 'rejected', 'completed', 'completed',
            'completed', 'completed', 'cancelled'])[1 + d4 % 16] as known,
        (array['tbd', 'aprovado', 'pending_docs_v2', 'see notes', '7', 'waiting – client'])[1 + d4 % 6] as unknown
    from plain
), rows as (
    select id, i, d6, d7,
        case when d5 % 500 = 0 then 51 + d6 % 50
            else 101 + (d5 * 65536 + d6) % greatest(100, current_setting('sample.rows')::bigint / 10) end as client_id,
        case status_kind
            when 0 then known
            when 1 then null
            when 2 then ''
            when 3 then repeat(' ', 1 + (d4 % 3)::integer)
            when 4 then '  ' || known || ' '
            when 5 then unknown
            when 6 then case d4 % 2 when 0 then upper(known) else initcap(known) end
            when 7 then unknown || e'\t'
            when 8 then ' ' || upper(known) || ' '
        end as status,
        case creator_kind when 0 then 1 + d6 % 50 when 1 then null when 2 then 51 + d6 % 50 end as created_by,
        case time_kind
            when 0 then timestamptz '2019-01-07 09:00+00' + d7 * interval '37 minutes' + i * interval '1 millisecond'
            when 1 then timestamptz '2093-02-03 04:05:06+00' + i * interval '1 second'
            when 2 then timestamptz '2021-03-01 06:00+00'
            when 3 then timestamptz '2099-12-31 23:59:59.999999+00'
        end as created_at,
        time_kind in (0, 2) and d6 % 5 < 2 as updated
    from mixed
)
insert into individual_process_status.individual_processes
    (id, client_id, title, status, created_by, created_at, updated_by, updated_at)
select id, client_id,
    (array['Work permit', 'Residence renewal', 'Family reunion', 'Visa', 'Appeal “urgent”'])[1 + d7 % 5]
        || ' ' || (2019 + d7 % 6) || '/' || i,
    status, created_by, created_at,
    case when updated then 1 + d7 % 70 end,
    case when updated then created_at + (1 + d7 % 900) * interval '1 hour' end
from rows;

select setval(pg_get_serial_sequence('individual_process_status.users', 'id'),
        (select max(id) from individual_process_status.users)),
    setval(pg_get_serial_sequence('individual_process_status.individual_processes', 'id'),
        (select max(id) from individual_process_status.individual_processes));

drop function pg_temp.draw(bigint, bigint);

analyze individual_process_status.users, individual_process_status.individual_processes;
