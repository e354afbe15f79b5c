package runbook.engine.throttle;

import org.jooq.exception.DataAccessException;

/** What a failed look says: that the server is away, or that a signal cannot be read. */
public final class Errors {

    private Errors() {}

    /** Whoever calls tries again as a whole, or is no longer wanted. */
    public static void passOn(DataAccessException error) {
        String state = error.sqlState();
        if (state.equals("00000") || state.startsWith("08") || state.startsWith("53") || state.startsWith("57")) {
            throw error;
        }
    }

    static Reading unreadable(DataAccessException error) {
        return Reading.unreadable("SQLSTATE " + error.sqlState() + ".");
    }
}
