package runbook.engine.sweep;

/** What is killed. */
enum Victim {
    /** SIGKILL to the process with all its slots. */
    WORKER("worker, SIGKILL"),
    /** An immediate shutdown, and a start that recovers. */
    DATABASE("database, immediate shutdown"),
    /** The batch's process in the database. */
    BACKEND("backend, pg_terminate_backend"),
    /** Its TCP connection, and what is on the way in it. */
    CONNECTION("connection, cut");

    private final String words;

    Victim(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
