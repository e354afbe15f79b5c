-- A gate may take more than one approval; until it has them, one may expire, be taken back, or fit the evidence no more.

alter table approval
    add person     text,
    add expires_at timestamptz,
    add validity   text    not null default 'counts' check (validity in ('counts', 'expired', 'withdrawn', 'outdated')),
    add judged     integer not null default 0;

comment on column approval.person is 'Who counts as its giver: the name, the identity or the principal, as the policy of the gate says.';
comment on column approval.validity is 'What it is worth, or was worth when its gate was passed.';
comment on column approval.judged is 'Rises with every change: a message that comes late changes nothing.';
