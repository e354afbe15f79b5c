-- A folder says nothing without the machine that it is on: several workers share the work.

alter table backup add host text not null default '';

comment on column backup.host is 'The machine of the worker that wrote the folder; empty where it was not noted.';
