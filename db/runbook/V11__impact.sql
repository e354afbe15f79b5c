-- What the application may notice of a run. No key and no value is in here, only times.

create table impact (
    run           bigint  not null references migration_run,
    write         text    not null,
    moment        text    not null check (moment in ('before', 'mirrored', 'during', 'after')),
    at            timestamptz not null default clock_timestamp(),
    read_micros   bigint,
    write_micros  bigint,
    mirror_micros bigint,
    why           text,
    check ((why is null) = (read_micros is not null and write_micros is not null))
);
create index impact_of_run on impact (run, moment, at);

comment on table impact is 'One row for each sample: a row read and written as the application does, the write taken back.';
comment on column impact.write_micros is 'The statement and its COMMIT.';
comment on column impact.mirror_micros is 'What the mirrors took of the write; null when the write gave way to a lock.';
comment on column impact.why is 'Instead of times: why there are none.';

create table application_latency (
    run        bigint  not null references migration_run,
    moment     text    not null check (moment in ('before', 'mirrored', 'during', 'after')),
    statements bigint  not null check (statements > 0),
    p50_millis double precision not null,
    p95_millis double precision not null,
    p99_millis double precision not null,
    told_by    text    not null default session_user,
    at         timestamptz not null default clock_timestamp(),
    primary key (run, moment)
);

comment on table application_latency is 'What the application measured of itself, from whoever tells it; the report shows it beside our own figures.';
