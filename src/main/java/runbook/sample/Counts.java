package runbook.sample;

/**
 * What has happened so far.
 *
 * @param refused times the new way was switched off and the old one taken
 * @param serializationFailures at REPEATABLE READ, tried again
 * @param interruptions sessions lost, as in a restart of the database
 * @param ambiguous commits without an answer whose outcome could not be looked up either
 * @param shed statements that were due while there was no database or the application stood still
 */
public record Counts(
        long transactions,
        long changes,
        long throughAddStatus,
        long refused,
        long serializationFailures,
        long deadlocks,
        long interruptions,
        long ambiguous,
        long shed,
        long applicationErrors) {}
