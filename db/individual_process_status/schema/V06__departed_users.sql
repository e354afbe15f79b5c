-- Who left while both shapes are in use. A foreign key from the statuses to the users would lock the statuses of a deleted
-- user before their processes, where every mirror takes the process first: a deadlock for the application. So that key comes
-- at the very end, in final/, and until then a status may name a user whose departure is noted here. Nothing is waited for:
-- there is no key on the notes, so that two transactions never meet in them.
create table individual_process_status.departed_users (
    user_id bigint not null,
    noted_at timestamptz not null default clock_timestamp()
);

create function individual_process_status.note_departure() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    insert into individual_process_status.departed_users (user_id) values (old.id);
    return null;
end
$$;

revoke all on function individual_process_status.note_departure() from public;

create trigger runbook_note_departure after delete on individual_process_status.users
    for each row execute function individual_process_status.note_departure();

-- Who gets another number has left under the old one, as in the legacy fields.
create trigger runbook_note_renumbering after update on individual_process_status.users
    for each row when (old.id <> new.id) execute function individual_process_status.note_departure();

create trigger runbook_refuse_truncate before truncate on individual_process_status.users
    for each statement execute function individual_process_status.refuse_truncate();
