package runbook.engine;

/**
 * Base of everything that the engine tells a person: where it was, what it found against what it expected, what state
 * things are in, and the next command.
 */
public class RunbookException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RunbookException(String message) {
        super(message);
    }

    public RunbookException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A target that cannot be used as it is: unknown, unreachable, unsuitable, or closed to the role. */
    public static final class UnusableTarget extends RunbookException {

        private static final long serialVersionUID = 1L;

        public UnusableTarget(String message, Throwable cause) {
            super(message, cause);
        }

        public UnusableTarget(String message) {
            super(message);
        }
    }

    /** Another owner has taken the run over; whoever gets this must stop writing. */
    public static final class Fenced extends RunbookException {

        private static final long serialVersionUID = 1L;

        public Fenced(String message) {
            super(message);
        }
    }

    /** A state that only a person can decide on: the phase parks. */
    public static final class Parked extends RunbookException {

        private static final long serialVersionUID = 1L;

        public Parked(String message) {
            super(message);
        }

        public Parked(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
