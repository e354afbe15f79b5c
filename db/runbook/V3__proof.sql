-- What was proved, by whom it was looked at, and what is kept for the way back.

create table check_result (
    run        bigint      not null references migration_run,
    phase      text        not null,
    attempt    integer     not null,
    name       text        not null,
    severity   text        not null check (severity in ('blocking', 'advisory')),
    verdict    text        not null check (verdict in ('passed', 'failed', 'not_verified')),
    found      bigint,
    note       text,
    millis     bigint      not null,
    checked_at timestamptz not null default clock_timestamp(),
    primary key (run, phase, attempt, name)
);

create table violation (
    id         bigint generated always as identity primary key,
    run        bigint      not null references migration_run,
    phase      text        not null,
    check_name text        not null,
    key        jsonb       not null,
    row        jsonb       not null,
    seen_at    timestamptz not null default clock_timestamp(),
    healed_at  timestamptz
);
create index violation_open on violation (run, check_name) where healed_at is null;

create table measure (
    run     bigint      not null references migration_run,
    phase   text        not null,
    attempt integer     not null,
    name    text        not null,
    value   numeric,
    at      timestamptz not null default clock_timestamp(),
    primary key (run, phase, attempt, name)
);

create table script (
    run     bigint      not null references migration_run,
    folder  text        not null,
    script  text        not null,
    millis  bigint      not null,
    tries   integer     not null,
    locks   jsonb       not null default '[]',
    at      timestamptz not null default clock_timestamp(),
    primary key (run, folder, script)
);

create table backup (
    id          bigint generated always as identity primary key,
    run         bigint      not null references migration_run,
    folder      text        not null,
    manifest    text        not null,
    rows        bigint      not null,
    bytes       bigint      not null,
    taken_at    timestamptz not null,
    drill       text check (drill in ('equal', 'different')),
    drilled_at  timestamptz,
    restore_millis bigint
);

create table repair (
    id          bigint generated always as identity primary key,
    run         bigint      not null references migration_run,
    check_name  text        not null,
    repair      text        not null,
    truth       text        not null,
    dry_run     boolean     not null,
    keys        bigint      not null,
    rows        bigint      not null,
    requested_by text       not null,
    at          timestamptz not null default clock_timestamp(),
    once        text        not null unique
);
