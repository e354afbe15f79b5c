-- Which attempt of a worker slot may take ranges: an earlier one may still run, and must not hold one that nobody frees.

create table slot (
    run      bigint  not null references migration_run,
    backfill text    not null,
    number   integer not null check (number >= 0),
    token    text    not null,
    primary key (run, backfill, number)
);

comment on column slot.token is 'Its newest attempt.';
