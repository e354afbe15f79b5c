package runbook.workflow;

import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.failure.TerminatedFailure;
import io.temporal.failure.TimeoutFailure;

/** Says in one message for people why something failed. */
final class Failures {

    private Failures() {}

    /** What a hook says against it, or that its worker says nothing. */
    static String ofHook(TemporalFailure failure) {
        return root(failure) instanceof ApplicationFailure application
                ? application.getOriginalMessage()
                : "its worker did not answer.";
    }

    static String sentence(TemporalFailure failure) {
        Throwable cause = root(failure);
        if (cause instanceof ApplicationFailure application) {
            return application.getOriginalMessage();
        }
        if (cause instanceof TimeoutFailure timeout) {
            return timeout.getTimeoutType() == TimeoutType.TIMEOUT_TYPE_HEARTBEAT
                    ? "Its worker went silent. Nothing is lost: send 'retry' when a worker runs."
                    : "It took longer than its limit. Look at what holds it up, then send 'retry'.";
        }
        if (cause instanceof CanceledFailure) {
            return "It was cancelled by hand. Send 'retry' to take it up again.";
        }
        if (cause instanceof TerminatedFailure) {
            return "It was terminated by hand. Send 'retry' to take it up again.";
        }
        return String.valueOf(cause.getMessage());
    }

    private static Throwable root(TemporalFailure failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof ApplicationFailure)) {
            cause = cause.getCause();
        }
        return cause;
    }
}
