-- Where a run says that it stands, for whoever has the database alone: what its search attribute RunbookState carries. A
-- table of its own, since the run's own row is locked by every batch.

create table standing (
    run    bigint      primary key references migration_run,
    epoch  integer     not null,
    number integer     not null check (number > 0),
    state  text        not null,
    at     timestamptz not null default clock_timestamp()
);

comment on column standing.state is 'backfill, waiting: cutover, parked: backfill, paused …';
comment on column standing.number is 'Rises with every change of one owner: a message that comes late changes nothing.';
