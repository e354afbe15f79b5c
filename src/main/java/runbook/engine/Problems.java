package runbook.engine;

import static runbook.generated.engine.Tables.PROBLEM;

import org.jooq.DSLContext;
import runbook.message.Run;

/**
 * Error texts of the server can quote keys and values, so they stay in {@code runbook.problem}; what leaves the database
 * is SQLSTATE and row id.
 */
public final class Problems {

    private Problems() {}

    /** Keeps the whole text and gives the row's id. */
    static long keep(DSLContext tx, Run run, String phase, String object, Throwable error) {
        return tx.insertInto(PROBLEM)
                .set(PROBLEM.RUN, run.id())
                .set(PROBLEM.PHASE, phase)
                .set(PROBLEM.SQLSTATE, Sql.state(error))
                .set(PROBLEM.OBJECT, object)
                .set(PROBLEM.TEXT, text(error))
                .returningResult(PROBLEM.ID)
                .fetchSingle()
                .value1();
    }

    /** Words that may leave the database. */
    public static String words(String sqlState, long problem) {
        return (sqlState.isEmpty() ? "error" : "SQLSTATE " + sqlState) + ", problem " + problem
                + " in runbook.problem (./runbook report --reveal shows it)";
    }

    private static String text(Throwable error) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            text.append(cause.getClass().getSimpleName())
                    .append(": ")
                    .append(cause.getMessage())
                    .append('\n');
            if (cause instanceof org.postgresql.util.PSQLException sql && sql.getServerErrorMessage() != null) {
                text.append("detail: ")
                        .append(sql.getServerErrorMessage().getDetail())
                        .append('\n');
            }
        }
        return text.toString();
    }
}
