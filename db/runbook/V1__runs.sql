-- What the engine remembers of its runs. It lives in the target itself, so a restored database brings its own truth along.

create table migration_run (
    id                bigint generated always as identity primary key,
    migration         text        not null,
    target            text        not null,
    workflow_id       text        not null,
    workflow_run      text        not null,
    epoch             integer     not null default 1,
    requested_by      text        not null,
    definition        text        not null,
    system_identifier bigint      not null,
    database_oid      bigint      not null,
    state             text        not null default 'running',
    parting           text,
    started_at        timestamptz not null default clock_timestamp(),
    ended_at          timestamptz,
    check (state in ('running', 'completed', 'rejected', 'rolled_back', 'aborted')),
    check (parting in ('rolling_back', 'retired', 'dropped')),
    check ((state = 'running') = (ended_at is null))
);

comment on column migration_run.epoch is 'Rises with each new owner; a writer of an older epoch is refused.';
comment on column migration_run.parting is 'How far the run has left the ground on which it could simply start again.';

-- The one open run per migration: whatever workflow id or service name a second start uses, it meets this index.
create unique index one_open_run on migration_run (migration) where ended_at is null;

create table phase (
    run        bigint      not null references migration_run,
    phase      text        not null,
    attempt    integer     not null,
    verdict    text,
    summary    text,
    facts      jsonb       not null default '{}',
    started_at timestamptz not null default clock_timestamp(),
    ended_at   timestamptz,
    primary key (run, phase, attempt)
);

create table control (
    run          bigint primary key references migration_run,
    wanted       text        not null default 'run' check (wanted in ('run', 'pause', 'abort')),
    requested_by text,
    reason       text,
    changed_at   timestamptz not null default clock_timestamp()
);

create table audit (
    id      bigint generated always as identity primary key,
    run     bigint references migration_run,
    at      timestamptz not null default clock_timestamp(),
    act     text        not null,
    subject text        not null,
    who     text        not null,
    detail  jsonb       not null default '{}',
    once    text        not null unique
);

comment on column audit.once is 'Names the act, so that an activity that runs again writes no second row.';

create table approval (
    id           bigint generated always as identity primary key,
    run          bigint      not null references migration_run,
    gate         text        not null,
    evidence     text        not null,
    decision     text        not null,
    approver     text        not null,
    comment      text,
    identity     text        not null,
    principal    text,
    workflow_run text        not null,
    event_id     bigint      not null,
    approved_at  timestamptz not null,
    unique (workflow_run, event_id)
);

comment on column approval.identity is 'What the sender''s client called itself; empty when sent from the Web UI. Claimed, not proved.';
comment on column approval.approved_at is 'Time of the event in the run''s history, not of this row.';
