-- The copy: where each range stands, and what the database would not take.

create table range (
    run         bigint  not null references migration_run,
    backfill    text    not null,
    number      integer not null,
    format      integer not null default 1,
    definition  text    not null,
    after_key   jsonb,
    upto_key    jsonb,
    cursor_key  jsonb,
    expected    bigint  not null default 0,
    owner_epoch integer not null default 0,
    owner_slot  integer,
    owner_token text,
    left_over   boolean not null default false,
    batch_rows  integer not null,
    batch_why   text    not null default 'first',
    units_per_second real not null default 0,
    batches     bigint  not null default 0,
    scanned     bigint  not null default 0,
    copied      bigint  not null default 0,
    skipped     bigint  not null default 0,
    quarantined bigint  not null default 0,
    rows_written bigint not null default 0,
    busy_millis bigint  not null default 0,
    finished_at timestamptz,
    changed_at  timestamptz not null default clock_timestamp(),
    primary key (run, backfill, number),
    check (copied + skipped + quarantined = scanned)
);

comment on column range.cursor_key is 'Last key brought over; moves in the transaction of the batch.';
comment on column range.expected is 'About how many units it has, from the sample it was cut by.';
comment on column range.left_over is 'Units were passed by, since somebody was changing them; they are looked for at the end.';
comment on column range.owner_token is 'The attempt that may move the cursor; a later attempt takes it over.';

create table skip (
    run      bigint  not null references migration_run,
    backfill text    not null,
    number   integer not null,
    reason   text    not null,
    units    bigint  not null default 0,
    primary key (run, backfill, number, reason)
);

create table problem (
    id         bigint generated always as identity primary key,
    run        bigint references migration_run,
    phase      text        not null,
    at         timestamptz not null default clock_timestamp(),
    sqlstate   text,
    object     text,
    text       text        not null
);

comment on table problem is 'Full error texts, row values included. They stay in this database; histories and logs name the id only.';

create table quarantine (
    run          bigint      not null references migration_run,
    backfill     text        not null,
    number       integer     not null,
    key          jsonb       not null,
    problem      bigint      not null references problem,
    at           timestamptz not null default clock_timestamp(),
    released_at  timestamptz,
    primary key (run, backfill, key)
);

-- Writes that a mirror could not carry over: they are copied again before anything is called verified.
create table journal (
    id         bigint generated always as identity primary key,
    migration  text        not null,
    relation   text        not null,
    key        jsonb       not null,
    at         timestamptz not null default clock_timestamp(),
    settled_at timestamptz
);
create index journal_open on journal (migration) where settled_at is null;
