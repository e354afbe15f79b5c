package runbook.message;

/** The numbers of the copy, as of the newest reading; the database has fresher ones. */
public record StatusBackfill(
        long scanned, long copied, long skipped, long quarantined, long rowsPerSecond, String remaining, String batch) {

    public static StatusBackfill of(Progress progress) {
        return new StatusBackfill(
                progress.scanned(),
                progress.copied(),
                progress.skipped(),
                progress.quarantined(),
                progress.rowsPerSecond(),
                progress.remaining(),
                progress.batch());
    }
}
