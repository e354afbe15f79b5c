-- What the mirrors share. Every path locks the process first, then claims it, then reads and writes its statuses.

-- The user if there still is one. Locks nothing: the application must not wait for a row that its own statement does not
-- touch, nor be waited for. Who leaves before the status is committed is in departed_users.
create function individual_process_status.existing_user(user_id bigint) returns bigint
language sql stable security definer set search_path = '' as $$
    select id from individual_process_status.users where id = user_id
$$;

-- What the mirrors and add_status write must meet the triggers on the history, whatever the session has set.
create function individual_process_status.heed_triggers() returns void
language plpgsql security definer set search_path = '' as $$
begin
    if pg_catalog.current_setting('runbook.mirror', true) = 'on' then
        perform pg_catalog.set_config('runbook.mirror', 'off', true);
    end if;
end
$$;

-- Copies a process as the backfill would, if nobody has: whoever claims it first writes its migrated status, once.
create function individual_process_status.bring_over(
    process individual_process_status.individual_processes, stays_active boolean) returns void
language plpgsql security definer set search_path = '' as $$
begin
    insert into individual_process_status.individual_process_status_claims (individual_process_id, claimed_by)
    values (process.id, 'mirror') on conflict do nothing;
    if not found or exists (select from individual_process_status.individual_process_statuses
                            where individual_process_id = process.id) then
        return;
    end if;

    perform individual_process_status.heed_triggers();
    insert into individual_process_status.individual_process_statuses
        (individual_process_id, status_name, is_active, notes, changed_by, changed_at)
    values (process.id, process.status, stays_active, 'Migrated from legacy status field',
        individual_process_status.existing_user(process.created_by), process.created_at);
end
$$;

-- Makes the active status what the legacy field says now. Reads it again rather than trust what a trigger was given:
-- another trigger may have changed the row since.
create function individual_process_status.record_legacy_status(process_id bigint, actor bigint) returns void
language plpgsql security definer set search_path = '' as $$
declare
    legacy_status text;
begin
    select status into legacy_status from individual_process_status.individual_processes
    where id = process_id for no key update;
    if not found or exists (select from individual_process_status.individual_process_statuses
                            where individual_process_id = process_id and is_active
                                and status_name is not distinct from legacy_status) then
        return;
    end if;

    perform individual_process_status.heed_triggers();
    insert into individual_process_status.individual_process_statuses
        (individual_process_id, status_name, is_active, notes, changed_by)
    values (process_id, legacy_status, true, 'Changed through the legacy status field',
        individual_process_status.existing_user(actor));
end
$$;

-- A process that is gone leaves no status behind. Its claim stays, or a batch that saw it could bring it back.
create function individual_process_status.forget_process(process_id bigint) returns void
language plpgsql security definer set search_path = '' as $$
begin
    insert into individual_process_status.individual_process_status_claims (individual_process_id, claimed_by)
    values (process_id, 'mirror') on conflict do nothing;
    delete from individual_process_status.individual_process_statuses where individual_process_id = process_id;
end
$$;

-- While the mirrors are stopped the legacy field is the truth; the journal keeps which processes to copy again.
create function individual_process_status.journal_process(process_id bigint) returns void
language sql volatile security definer set search_path = '' as $$
    insert into runbook.journal (migration, relation, key)
    values ('individual_process_status', 'individual_process_status.individual_processes',
        pg_catalog.jsonb_build_object('id', process_id))
$$;

-- Copies one journalled process again: afterwards the new shape says what the legacy field says.
create function individual_process_status.recopy(process_id bigint) returns void
language plpgsql security definer set search_path = '' as $$
declare
    process individual_process_status.individual_processes;
begin
    select * into process from individual_process_status.individual_processes
    where id = process_id for no key update;
    if not found then
        perform individual_process_status.forget_process(process_id);
        return;
    end if;
    perform individual_process_status.bring_over(process, true);
    perform individual_process_status.record_legacy_status(process_id, process.updated_by);
end
$$;

revoke all on function individual_process_status.existing_user(bigint) from public;
revoke all on function individual_process_status.heed_triggers() from public;
revoke all on function individual_process_status.bring_over(
    individual_process_status.individual_processes, boolean) from public;
revoke all on function individual_process_status.record_legacy_status(bigint, bigint) from public;
revoke all on function individual_process_status.forget_process(bigint) from public;
revoke all on function individual_process_status.journal_process(bigint) from public;
revoke all on function individual_process_status.recopy(bigint) from public;
