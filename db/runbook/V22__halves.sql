-- A chunk that takes too long, or differs in too many keys to be told at once, is made two.

alter table chunk
    add keys bigint  not null default 0,
    add half boolean not null default false;

comment on column chunk.keys is 'How many it was cut for; there are fewer where the keys end.';
comment on column chunk.half is 'Taken off the beginning of another one, so the keys behind it are in that one.';
