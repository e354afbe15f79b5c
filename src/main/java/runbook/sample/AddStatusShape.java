package runbook.sample;

import java.sql.SQLException;

/** Between the two: status changes go through {@code add_status}, everything else as it always did. */
class AddStatusShape extends LegacyShape {

    private static final String NOTES = "Changed by an admin";

    @Override
    void change(Attempt attempt, Action action) throws SQLException {
        look(attempt, action.process());
        add(attempt, action);
    }

    static void add(Attempt attempt, Action action) throws SQLException {
        if (attempt.read("select id from " + PROCESSES + " where id = ? for no key update", "id", action.process())
                .isEmpty()) {
            return;
        }
        actAs(attempt, action);
        attempt.read("select " + SCHEMA + "add_status(?, ?, ?) as id", "id", action.process(), action.status(), NOTES);
        attempt.changed(Change.Kind.UPDATE, Change.Way.ADD_STATUS, action, NOTES);
        expectInList(attempt, action);
    }

    static void actAs(Attempt attempt, Action action) throws SQLException {
        attempt.read(
                "select set_config('individual_process_status.user_id', ?, true) as id",
                "id",
                Long.toString(ActionMix.admin(action)));
    }
}
