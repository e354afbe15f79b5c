-- One person with one shell can start under one name and approve under another: then it is at least written down.

alter table approval
    add started_by    text,
    add same_identity boolean not null default false;

comment on column approval.started_by is 'What the client of whoever started the run called itself; empty from the Web UI. Claimed, not proved.';
comment on column approval.same_identity is 'Whether the approval came with the identity, or the principal, that started the run.';
