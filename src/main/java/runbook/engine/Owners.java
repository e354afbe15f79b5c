package runbook.engine;

/** What is known of those who own runs; the engine has to be told, since it knows nothing of Temporal. */
public interface Owners {

    /** Whether an owner still works on its run. */
    enum Life {
        RUNNING,
        OVER,
        UNKNOWN
    }

    /**
     * A place where no workflow id is used twice at a time.
     *
     * @param id tells two places of one name apart; empty where a server gives none
     */
    record Home(String namespace, String id) {}

    /** Where the caller is at home. */
    Home home();

    /** How an owner fares. */
    Life life(String namespace, String workflowId, String workflowRun);

    /** For a database that nobody else uses. */
    static Owners nobody() {
        return new Owners() {
            @Override
            public Home home() {
                return new Home("", "");
            }

            @Override
            public Life life(String namespace, String workflowId, String workflowRun) {
                return Life.OVER;
            }
        };
    }

    /** For who cannot ask Temporal: an owner that is not known to be gone keeps its run. */
    static Owners unknown() {
        return new Owners() {
            @Override
            public Home home() {
                return new Home("", "");
            }

            @Override
            public Life life(String namespace, String workflowId, String workflowRun) {
                return Life.UNKNOWN;
            }
        };
    }
}
