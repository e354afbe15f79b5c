package runbook.workflow;

import io.temporal.failure.ApplicationFailure;

/** Says no to the sender of an update with one sentence; a stack trace would bury it in the terminal and the Web UI. */
final class Refused extends RuntimeException {

    Refused(String reason) {
        super(reason, null, false, false);
    }

    /** The same for an update that was let in before: only this type of exception may leave its handler. */
    static ApplicationFailure failure(String reason) {
        return quiet(reason, "Refused");
    }

    /** A failure that people read: the message and nothing else. */
    static ApplicationFailure quiet(String message, String type) {
        ApplicationFailure failure = ApplicationFailure.newNonRetryableFailure(message, type);
        failure.setStackTrace(new StackTraceElement[0]);
        return failure;
    }
}
