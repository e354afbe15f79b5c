package runbook.engine.backup;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import runbook.engine.RunbookException;

/** Errors of the server in words that may leave it: a message about data can quote the data, so it is not repeated. */
final class Failure {

    /** Classes of SQLSTATE whose messages name objects and states: neither values nor where the server is. */
    private static final Set<String> SPEAKING = Set.of("25", "40", "42", "53", "54", "55", "57", "58");

    private Failure() {}

    /** The same error with the place where it happened; the cause keeps what the server said. */
    static RunbookException at(String where, String state, Exception error) {
        if (error instanceof RunbookException known) {
            return known;
        }
        return new RunbookException(where + ": " + words(error) + " " + state, error);
    }

    static String words(Exception error) {
        SQLException sql = sql(error);
        if (sql == null) {
            return error.getClass().getSimpleName() + ": " + error.getMessage() + ".";
        }
        String code = String.valueOf(sql.getSQLState());
        String said = SPEAKING.contains(code.substring(0, Math.min(2, code.length()))) ? ", " + said(sql) : "";
        return "the server answered SQLSTATE " + code + said + ".";
    }

    /** The SQLSTATE, or an empty text when the error did not come from a server. */
    static String code(Throwable error) {
        SQLException sql = sql(error);
        return sql == null || sql.getSQLState() == null ? "" : sql.getSQLState();
    }

    private static String said(SQLException error) {
        return error instanceof PSQLException server && server.getServerErrorMessage() != null
                ? String.valueOf(server.getServerErrorMessage().getMessage())
                : String.valueOf(error.getMessage()).lines().findFirst().orElse("");
    }

    private static @Nullable SQLException sql(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }
}
