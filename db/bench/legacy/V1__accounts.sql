-- The old shape of `./runbook bench backfill`: no application has it.
create schema if not exists bench;

create table bench.people (
    id bigint primary key,
    name text not null
);

create table bench.accounts (
    id bigint primary key,
    status text not null,
    created_by bigint not null,
    created_at timestamptz not null,
    note text not null,
    standing text
);

comment on column bench.accounts.standing is 'Empty: filled in place by one of the arms.';
