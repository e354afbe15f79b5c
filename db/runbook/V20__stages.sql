-- What was read while a stage bakes. The counters of the server stand where they stood, so that the next reading can tell
-- what has been added; the first row of a switch, without a verdict, is where the stage began.

create table stage_reading (
    id        bigint generated always as identity primary key,
    run       bigint      not null references migration_run,
    stage     text        not null,
    criterion text        not null,
    part      bigint,
    total     bigint,
    number    double precision,
    verdict   text check (verdict in ('passed', 'failed', 'not_verified')),
    once      text,
    at        timestamptz not null default clock_timestamp(),
    unique (once, criterion)
);

create index stage_reading_of_run on stage_reading (run, stage, criterion, id);

comment on column stage_reading.part is 'Deadlocks, or transactions that were rolled back, as the server counted them; null for a query.';
comment on column stage_reading.total is 'All transactions, as the server counted them.';
comment on column stage_reading.once is 'Names the reading, so that one whose answer was lost is not counted twice.';

-- Who changes a share without saying so is named all the same.
create function sign_flag() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'UPDATE' and new.per_mille <> old.per_mille and new.changed_at = old.changed_at then
        new.changed_by := session_user;
        new.reason := 'changed by hand';
        new.changed_at := clock_timestamp();
    end if;
    return new;
end
$$;

-- Every change of a share, by the run, by a stop or by hand: who, when, why, and what it was before.
create function audit_flag() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    was integer := case when tg_op = 'INSERT' then 0 else old.per_mille end;
    now_is integer := case when tg_op = 'DELETE' then 0 else new.per_mille end;
    kept runbook.flag := case when tg_op = 'DELETE' then old else new end;
begin
    if was <> now_is then
        insert into runbook.audit (run, act, subject, who, detail, once)
        values ((select s.run from runbook.switched s join runbook.migration_run r on r.id = s.run and r.ended_at is null
                 where s.kind = 'flag' and s.name = kept.name order by s.at desc limit 1),
            'flag', kept.name, case when tg_op = 'DELETE' then session_user else kept.changed_by end,
            jsonb_build_object('was', was, 'perMille', now_is,
                'reason', case when tg_op = 'DELETE' then 'deleted by hand' else kept.reason end),
            'flag/' || gen_random_uuid());
    end if;
    return null;
end
$$;

create trigger sign_flag before update on flag for each row execute function sign_flag();
create trigger audit_flag after insert or update or delete on flag for each row execute function audit_flag();

revoke execute on function sign_flag(), audit_flag() from public;
