-- What held the copy up, and for how long: one row for each slot and signal, however often it comes.

create table throttle (
    run         bigint  not null references migration_run,
    backfill    text    not null,
    slot        integer not null,
    signal      text    not null,
    reading     double precision,
    allowed     double precision,
    note        text    not null default '',
    since       timestamptz,
    times       bigint  not null default 0,
    lost_millis bigint  not null default 0,
    changed_at  timestamptz not null default clock_timestamp(),
    primary key (run, backfill, slot, signal)
);

comment on column throttle.signal is 'A signal of the server, or schedule.';
comment on column throttle.note is 'When a window opens, or why the signal cannot be read.';
comment on column throttle.since is 'When the wait began that lasts; null when there is none.';
comment on column throttle.changed_at is 'Of a wait that lasts about a second ago; older when its worker is gone.';
