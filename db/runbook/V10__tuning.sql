-- How a person wants batches to run; they read it between two of them, together with whether they are wanted at all.

alter table control
    add batch_millis integer not null default 0 check (batch_millis >= 0),
    add workers      integer not null default 0 check (workers >= 0),
    add ratio        double precision not null default 0 check (ratio >= 0),
    add limits       jsonb not null default '{}',
    add tuned_by     text,
    add tuned_until  timestamptz;

comment on column control.batch_millis is 'What a batch should take; 0 as the engine finds.';
comment on column control.workers is 'How many slots copy; 0 for all of them.';
comment on column control.ratio is 'Rest after a batch, as a multiple of what it took.';
comment on column control.tuned_until is 'Shown only: the run ends a tuning by its own clock.';
