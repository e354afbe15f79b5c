package runbook.sample;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an error means to the application. */
enum Fault {
    /** To be tried again, as it would be without anybody's migration. */
    SERIALIZATION,
    DEADLOCK,
    /** The new way is switched off, or not there any more: the old way is. */
    REFUSED,
    /** The database went away. */
    LOST,
    /** Nothing that the application expects. */
    ERROR;

    /** A function that is dropped between the look for it and the call. */
    private static final Set<String> DROPPED = Set.of("42883", "XX000");

    static Fault of(SQLException error, Plan plan) {
        String state = state(error);
        if (state.equals("40001") && plan.repeatableRead()) {
            return SERIALIZATION;
        }
        if (state.equals("40P01")) {
            return DEADLOCK;
        }
        if (plan.throughAddStatus() && (state.equals("RB001") || dropped(state, error))) {
            return REFUSED;
        }
        return lost(error) ? LOST : ERROR;
    }

    private static boolean dropped(String state, SQLException error) {
        String text = String.valueOf(error.getMessage());
        return DROPPED.contains(state)
                && (text.contains("add_status(")
                        || text.contains("new_status_system(")
                        || text.contains("cache lookup failed for function"));
    }

    static boolean lost(SQLException error) {
        String state = state(error);
        return state.startsWith("08") || state.startsWith("57P0");
    }

    static String state(SQLException error) {
        @Nullable String state = error.getSQLState();
        return state == null ? "" : state;
    }
}
