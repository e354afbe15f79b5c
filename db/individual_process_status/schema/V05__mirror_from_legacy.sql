-- Legacy field to new shape. None of these triggers obeys runbook.mirror: no setting of a session can lose a write.

-- Before a status changes, what it was is brought over. Before, not after: a trigger of the application that changes
-- the row again would otherwise be the first to claim it, and the value of old would be lost.
create function individual_process_status.bring_over_before_change() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    if not runbook.stopped() then
        perform individual_process_status.bring_over(old, true);
    end if;
    return new;
end
$$;

create function individual_process_status.mirror_legacy_update() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
    process individual_process_status.individual_processes := old;
begin
    if runbook.stopped() then
        perform individual_process_status.journal_process(old.id);
        if new.id <> old.id then
            perform individual_process_status.journal_process(new.id);
        end if;
        return null;
    end if;

    if new.id <> old.id then
        insert into individual_process_status.individual_process_status_claims (individual_process_id, claimed_by)
        values (old.id, 'mirror') on conflict do nothing;
        update individual_process_status.individual_process_statuses
        set individual_process_id = new.id where individual_process_id = old.id;
        process.id := new.id;
    end if;
    -- Claims the new number. Writes a status only where a BEFORE trigger behind ours changed the row unseen by it.
    perform individual_process_status.bring_over(process, false);
    perform individual_process_status.record_legacy_status(new.id, new.updated_by);
    return null;
end
$$;

create function individual_process_status.mirror_legacy_insert() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    if runbook.stopped() then
        perform individual_process_status.journal_process(new.id);
        return null;
    end if;
    insert into individual_process_status.individual_process_status_claims (individual_process_id, claimed_by)
    values (new.id, 'mirror') on conflict do nothing;
    perform individual_process_status.record_legacy_status(new.id, coalesce(new.updated_by, new.created_by));
    return null;
end
$$;

create function individual_process_status.mirror_legacy_delete() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    if runbook.stopped() then
        perform individual_process_status.journal_process(old.id);
    else
        perform individual_process_status.forget_process(old.id);
    end if;
    return null;
end
$$;

revoke all on function individual_process_status.bring_over_before_change() from public;
revoke all on function individual_process_status.mirror_legacy_update() from public;
revoke all on function individual_process_status.mirror_legacy_insert() from public;
revoke all on function individual_process_status.mirror_legacy_delete() from public;
