-- A verdict is as old as what it rests on, which may be older than the end of its look.

alter table check_result add column as_of timestamptz;

update check_result set as_of = checked_at - millis * interval '1 millisecond';

alter table check_result
    alter column as_of set not null,
    alter column as_of set default clock_timestamp();

comment on column check_result.as_of is
    'When the oldest look began that the verdict rests on; one that was interrupted rests on its chunks from before, too.';
