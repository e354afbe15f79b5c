package runbook.sample;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The release that no longer knows the legacy field: no {@code SELECT *} on the old table, no {@code status} of it. */
final class NewShape extends AddStatusShape {

    @Override
    public void perform(Attempt attempt, Action action) throws SQLException {
        if (action.kind() == Action.Kind.READ) {
            actAs(attempt, action);
            attempt.read(
                    "select * from " + SCHEMA + "client_individual_processes where id = ?", "status", action.process());
        } else {
            super.perform(attempt, action);
        }
    }

    /** Through {@code add_status} the same status again is a change like any other. */
    @Override
    void repeat(Attempt attempt, Action action) throws SQLException {
        change(attempt, action);
    }

    @Override
    void insert(Attempt attempt, Action action) throws SQLException {
        List<@Nullable Object> id = attempt.read(
                "insert into " + PROCESSES + " (title, created_by) values (?, ?) returning id",
                "id",
                "Family reunion",
                action.actor());
        Action made = new Action(action.kind(), number(id), action.status(), action.actor());
        attempt.made(made.process());
        attempt.changed(Change.Kind.INSERT, Change.Way.NEW_SHAPE, made, null);
        add(attempt, made);
    }

    @Override
    void reinsert(Attempt attempt, Action action) throws SQLException {
        int rows = attempt.write(
                "insert into " + PROCESSES + " (id, title, created_by) values (?, ?, ?) on conflict do nothing",
                action.process(),
                "Brought back",
                action.actor());
        if (rows == 1) {
            attempt.changed(Change.Kind.INSERT, Change.Way.NEW_SHAPE, action, null);
            add(attempt, action);
        }
    }

    @Override
    List<@Nullable Object> locked(Attempt attempt, long process) throws SQLException {
        List<@Nullable Object> there =
                attempt.read("select id from " + PROCESSES + " where id = ? for update", "id", process);
        if (there.isEmpty()) {
            return there;
        }
        attempt.read("select set_config('individual_process_status.user_id', '1', true) as id", "id");
        return attempt.read(
                "select status_name from " + SCHEMA
                        + "individual_process_statuses where individual_process_id = ? and is_active",
                "status_name",
                process);
    }
}
