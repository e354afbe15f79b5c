package runbook.engine.throttle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jooq.exception.DataAccessException;
import runbook.engine.Target;

/** The operator's own query, which gives one number. It cannot write, and it does not take long. */
final class Custom {

    private static final String BOUNDS =
            "set transaction read only; set local statement_timeout = '1s'; set local lock_timeout = '100ms'";

    private final Target target;
    private final String query;

    Custom(Target target, String query) {
        this.target = target;
        this.query = query;
    }

    Reading read() {
        try {
            return target.inTransaction(tx -> {
                tx.execute(BOUNDS);
                return tx.connectionResult(session -> {
                    try (Statement statement = session.createStatement()) {
                        // A text that somebody else wrote: neither JDBC nor jOOQ is to find anything in it.
                        statement.setEscapeProcessing(false);
                        return number(statement.executeQuery("select (\n" + query + "\n)::float8"));
                    }
                });
            });
        } catch (DataAccessException e) {
            if (!e.sqlState().equals("57014")) {
                Errors.passOn(e);
            }
            return Reading.unreadable(
                    e.sqlState().equals("57014")
                            ? "the query took longer than a second."
                            : "SQLSTATE " + e.sqlState() + ".");
        }
    }

    private static Reading number(ResultSet rows) throws SQLException {
        rows.next();
        double number = rows.getDouble(1);
        return rows.wasNull() || Double.isNaN(number)
                ? Reading.unreadable("the query gives no number.")
                : Reading.of(number);
    }
}
