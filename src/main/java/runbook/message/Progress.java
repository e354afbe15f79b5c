package runbook.message;

/**
 * How far the copy is, from the ranges in the database.
 *
 * @param perMille share of the key space that is done, −1 while nobody can say
 * @param rowsPerSecond smoothed; 0 while it is measured
 * @param remaining words: "4 to 6 min", "measuring", "paused"
 * @param batch how many rows the newest batch takes, and why; empty while none has run
 */
public record Progress(
        String backfill,
        long scanned,
        long copied,
        long skipped,
        long quarantined,
        int perMille,
        long rowsPerSecond,
        String remaining,
        String batch) {

    public static Progress none() {
        return new Progress("", 0, 0, 0, 0, -1, 0, "", "");
    }
}
