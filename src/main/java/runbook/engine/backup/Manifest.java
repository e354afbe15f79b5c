package runbook.engine.backup;

import java.time.Instant;
import java.util.List;

/**
 * Everything that a restore needs to know.
 *
 * @param format rises when a release writes what an older one cannot read
 * @param probe what {@link Rows#PROBE} hashes to on the server that was read; fingerprints of a server that hashes
 *     otherwise cannot be compared
 * @param host the machine of the worker that wrote the folder
 * @param takenAt the moment of the snapshot, ISO-8601
 * @param tables in the order of their names
 */
record Manifest(
        int format,
        String database,
        String server,
        String host,
        String encoding,
        String probe,
        String snapshot,
        String lsn,
        String takenAt,
        String finishedAt,
        List<Needed> needed,
        List<Sequence> sequences,
        List<SavedTable> tables,
        List<String> leftOut) {

    static final int FORMAT = 1;
    static final String FILE = "manifest.json";
    static final String SUMS = "SHA256SUMS";

    Instant moment() {
        return Instant.parse(takenAt);
    }

    long rows() {
        return tables.stream().mapToLong(SavedTable::rows).sum();
    }

    long bytes() {
        return tables.stream().mapToLong(SavedTable::bytes).sum();
    }

    List<TableName> names() {
        return tables.stream().map(SavedTable::name).toList();
    }
}
