package runbook.engine;

import static runbook.generated.engine.Tables.PROBLEM;

import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import runbook.message.Run;

/**
 * Error texts of the server can quote keys and values, so they stay in {@code runbook.problem}; what leaves the database
 * is SQLSTATE and row id.
 */
public final class Problems {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

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

    /** Keeps what ended a piece of work, if the database still takes anything, and gives the words that may leave it. */
    public static String keep(Target target, Run run, String phase, Throwable error) {
        try {
            long problem = target.inTransaction(tx -> keep(tx, run, phase, run.migration(), error));
            return words(run, error, problem);
        } catch (DataAccessException away) {
            LOG.warn("{}: the reason could not be kept (SQLSTATE {})", run.migration(), Sql.state(away));
            return named(error);
        }
    }

    /** Words that may leave the database: what kind of error it was, and where its text is. */
    static String words(Run run, Throwable error, long problem) {
        return named(error) + ", problem " + problem + " (./runbook report " + run.migration() + " --target "
                + run.target() + " --reveal shows it)";
    }

    /** Names of ours and of the schema; a value is in neither. */
    private static String named(Throwable error) {
        String state = Sql.state(error);
        if (state.isEmpty()) {
            return error.getClass().getSimpleName();
        }
        String constraint = "";
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof PSQLException sql && sql.getServerErrorMessage() != null) {
                String violated = sql.getServerErrorMessage().getConstraint();
                constraint = violated == null ? "" : ", constraint " + violated;
            }
        }
        return "SQLSTATE " + state + constraint;
    }

    private static String text(Throwable error) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            text.append(cause.getClass().getSimpleName())
                    .append(": ")
                    .append(cause.getMessage())
                    .append('\n');
            if (cause instanceof PSQLException sql && sql.getServerErrorMessage() != null) {
                text.append("detail: ")
                        .append(sql.getServerErrorMessage().getDetail())
                        .append('\n');
            }
        }
        return text.toString();
    }
}
