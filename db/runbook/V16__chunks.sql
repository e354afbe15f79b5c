-- How far a comparison is. Of each only the newest look is kept; one that was interrupted goes on where it was.

create table look (
    run        bigint  not null references migration_run,
    check_name text    not null,
    name       text    not null,
    token      text    not null,
    began_at   timestamptz not null default clock_timestamp(),
    ended_at   timestamptz,
    primary key (run, check_name)
);

comment on column look.name is 'Phase, attempt and statement; another one begins anew.';
comment on column look.token is 'The attempt of the work that may go on with it; a later attempt takes it over.';
comment on column look.ended_at is 'What it found was true up to then: one that is over is never gone on with.';

create table chunk (
    run        bigint  not null,
    check_name text    not null,
    number     integer not null,
    token      text    not null,
    after_key  jsonb,
    upto_key   jsonb,
    verdict    text check (verdict in ('passed', 'failed', 'not_verified')),
    old_rows   bigint  not null default 0,
    new_rows   bigint  not null default 0,
    found      bigint  not null default 0,
    healed     bigint  not null default 0,
    note       text    not null default '',
    millis     bigint  not null default 0,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (run, check_name, number),
    foreign key (run, check_name) references look on delete cascade
);

-- What is left, and what could not be verified, is looked for before each chunk.
create index chunk_by_verdict on chunk (run, check_name, verdict);

comment on column chunk.upto_key is 'Null in the last chunk, which has no end.';
comment on column chunk.found is 'Keys whose rows differed at both looks.';
comment on column chunk.healed is 'Keys whose rows differed at the first look and no more at the next.';

-- Where the counter-example is a key whose rows differ between the shapes.
alter table violation
    add columns text[],
    add only_in text check (only_in in ('old', 'new')),
    add look    text;

comment on column violation.columns is 'Columns that differ, by name; empty where one shape lacks the rows altogether.';
comment on column violation.look is 'The newest look that saw it, by name.';
