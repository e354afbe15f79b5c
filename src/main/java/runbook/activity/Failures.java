package runbook.activity;

import io.temporal.client.ActivityCompletionException;
import io.temporal.failure.ApplicationFailure;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import runbook.engine.RunbookException;

/**
 * Turns what the engine throws into what Temporal keeps: no server text, since it can quote keys and values, and no
 * stack trace, since a person reads it. Losing a connection or a lock is tried again; everything else is decided on.
 */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static <T> T mapped(String what, Supplier<T> work) {
        try {
            return work.get();
        } catch (ActivityCompletionException wanted) {
            throw wanted;
        } catch (RunbookException.Fenced e) {
            throw quiet(ApplicationFailure.newNonRetryableFailure(message(e), "Fenced"));
        } catch (RunbookException.UnusableTarget e) {
            throw quiet(ApplicationFailure.newFailure(message(e), "UnusableTarget"));
        } catch (RunbookException e) {
            throw quiet(ApplicationFailure.newNonRetryableFailure(message(e), "Parked"));
        } catch (RuntimeException e) {
            throw fromServer(what, e);
        }
    }

    private static ApplicationFailure fromServer(String what, RuntimeException error) {
        String state = state(error);
        if (state.isEmpty()) {
            LOG.error("{}: {}", what, error.getClass().getName(), error);
            String message = what + ": " + error.getClass().getSimpleName()
                    + "; the worker's log has it. Nothing is half" + " done. Send the signal 'retry', or 'rollback'.";
            return quiet(ApplicationFailure.newNonRetryableFailure(message, "Unexpected"));
        }
        LOG.warn("{}: SQLSTATE {}", what, state);
        String message = what + ": SQLSTATE " + state
                + ". Nothing is half done. Send the signal 'retry' when it is cured, or 'rollback'.";
        return quiet(
                retryable(state)
                        ? ApplicationFailure.newFailure(message, "SQLSTATE " + state)
                        : ApplicationFailure.newNonRetryableFailure(message, "SQLSTATE " + state));
    }

    /** Lost connection, restart, lost race: the same work may succeed in a moment. */
    private static boolean retryable(String state) {
        return state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("53")
                || state.equals("40001")
                || state.equals("40P01")
                || state.equals("55P03");
    }

    private static String state(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
            if (cause instanceof java.sql.SQLTransientConnectionException) {
                return "08001";
            }
        }
        return "";
    }

    private static String message(RunbookException error) {
        return String.valueOf(error.getMessage());
    }

    private static ApplicationFailure quiet(ApplicationFailure failure) {
        failure.setStackTrace(new StackTraceElement[0]);
        return failure;
    }
}
