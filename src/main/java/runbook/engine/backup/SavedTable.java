package runbook.engine.backup;

/**
 * One table of a backup.
 *
 * @param rows counted by COPY and, at the same snapshot, by the query that took the fingerprint
 * @param bytes of the compressed file
 */
record SavedTable(Shape shape, String file, long rows, String fingerprint, long bytes, String sha256) {

    TableName name() {
        return shape.name();
    }
}
