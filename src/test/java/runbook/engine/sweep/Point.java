package runbook.engine.sweep;

/** Where in a batch something falls. */
enum Point {
    /** The worker has asked for the transaction; the database knows nothing of it. */
    BEGINNING,
    /** Its statement is on the way, or at work. */
    WRITING,
    /** All is written; COMMIT has left the worker, and the database has not got it. */
    WRITTEN,
    /** The database has COMMIT, and is at it. */
    COMMITTING,
    /** The database has answered COMMIT; the worker does not know. */
    COMMITTED,
    /** Wherever it happens to be. */
    ANYWHERE
}
