package runbook.activity;

import io.grpc.StatusRuntimeException;
import io.temporal.client.ActivityCompletionException;
import io.temporal.failure.ApplicationFailure;
import java.sql.SQLException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import runbook.engine.RunbookException;

/**
 * Turns what the engine throws into what Temporal keeps: no server text, since it can quote keys and values, and no
 * stack trace, since a person reads it. Losing a connection or a lock is tried again, and what Temporal itself does not
 * answer; everything else is decided on.
 */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** A few statements, each of which is a transaction. */
    static <T> T mapped(String what, Supplier<T> work) {
        return mapped(what, Failures::words, "Nothing of it was written. Try again when it is cured.", work);
    }

    /**
     * Work of a run.
     *
     * @param keep keeps the text of an error that nobody foresaw where only those may read it who may read the data, and
     *     gives the words that may be told
     * @param aftermath what stands after such an error, and what may be sent then
     */
    static <T> T mapped(String what, Function<RuntimeException, String> keep, String aftermath, Supplier<T> work) {
        try {
            return work.get();
        } catch (ActivityCompletionException wanted) {
            throw wanted;
        } catch (StatusRuntimeException temporal) {
            String code = temporal.getStatus().getCode().name();
            LOG.warn("{}: Temporal answered {}", what, code);
            throw quiet(ApplicationFailure.newFailure(what + ": Temporal answered " + code + ". " + aftermath, code));
        } catch (RuntimeException e) {
            RunbookException.Fenced fenced = fenced(e);
            if (fenced != null) {
                throw quiet(ApplicationFailure.newNonRetryableFailure(message(fenced), "Fenced"));
            }
            throw e instanceof RunbookException foreseen
                    ? foreseen(foreseen)
                    : unforeseen(what, retryable(state(e)) ? words(e) : keep.apply(e), aftermath, e);
        }
    }

    /** A script is fenced too, and what runs the scripts wraps what they throw. */
    private static RunbookException.@Nullable Fenced fenced(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof RunbookException.Fenced fenced) {
                return fenced;
            }
        }
        return null;
    }

    private static ApplicationFailure foreseen(RunbookException error) {
        if (error instanceof RunbookException.UnusableTarget) {
            return quiet(ApplicationFailure.newFailure(message(error), "UnusableTarget"));
        }
        return quiet(
                !(error instanceof RunbookException.Parked) && retryable(state(error))
                        ? ApplicationFailure.newFailure(message(error), "SQLSTATE " + state(error))
                        : ApplicationFailure.newNonRetryableFailure(message(error), "Parked"));
    }

    private static ApplicationFailure unforeseen(String what, String words, String aftermath, RuntimeException error) {
        String message = what + ": " + words + ". " + aftermath;
        String state = state(error);
        if (state.isEmpty()) {
            LOG.error("{}: a fault of the program", what, wordless(error));
            return quiet(ApplicationFailure.newNonRetryableFailure(message, "Unexpected"));
        }
        LOG.warn("{}: SQLSTATE {}", what, state);
        return quiet(
                retryable(state)
                        ? ApplicationFailure.newFailure(message, "SQLSTATE " + state)
                        : ApplicationFailure.newNonRetryableFailure(message, "SQLSTATE " + state));
    }

    private static String words(RuntimeException error) {
        String state = state(error);
        return state.isEmpty()
                ? error.getClass().getSimpleName() + ", the worker's log has where"
                : "SQLSTATE " + state;
    }

    /** Where it happened, without what was said: a message can quote a value. */
    private static RuntimeException wordless(Throwable error) {
        Throwable cause = error.getCause();
        RuntimeException wordless = new RuntimeException(
                error.getClass().getName(), cause == null || cause == error ? null : wordless(cause));
        wordless.setStackTrace(error.getStackTrace());
        return wordless;
    }

    /** Lost connection, restart, lost race: the same work may succeed in a moment. */
    private static boolean retryable(String state) {
        return state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("53")
                // The server ended a session whose worker was frozen in mid-batch.
                || state.equals("25P03")
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

    /** Without a stack trace. */
    static ApplicationFailure quiet(ApplicationFailure failure) {
        failure.setStackTrace(new StackTraceElement[0]);
        return failure;
    }
}
