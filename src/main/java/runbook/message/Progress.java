package runbook.message;

import java.util.Map;

/**
 * How far the copy is, from the ranges in the database.
 *
 * @param backfill the one that is copied now, or was last
 * @param perMille share of the key space that is done, −1 while nobody can say
 * @param rowsPerSecond smoothed; 0 while it is measured, or nothing moves
 * @param remaining words: "4 to 6 min", "measuring", "paused"; empty when nothing remains
 * @param batch how many rows the newest batch takes, and why; empty while none has run
 * @param throttled what holds the copy up now, in words: "lock waiters (7, limit 5) for 3 min"; empty for nothing
 * @param throttledMillis for how long it has been held up by that; 0 for nothing
 * @param lostMillis time lost to throttling, by signal
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
        String batch,
        String throttled,
        long throttledMillis,
        Map<String, Long> lostMillis) {

    public static Progress none() {
        return new Progress("", 0, 0, 0, 0, -1, 0, "", "", "", 0, Map.of());
    }
}
