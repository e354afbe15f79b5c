package runbook.message;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The numbers of the copy, as of the newest reading; the database has fresher ones. See {@link Progress}. */
public record StatusBackfill(
        long scanned,
        long copied,
        long skipped,
        long quarantined,
        long rowsPerSecond,
        String remaining,
        String batch,
        String throttled,
        Map<String, Long> lostMillis) {

    public static StatusBackfill of(Progress progress) {
        return new StatusBackfill(
                progress.scanned(),
                progress.copied(),
                progress.skipped(),
                progress.quarantined(),
                progress.rowsPerSecond(),
                progress.remaining(),
                progress.batch(),
                progress.throttled(),
                progress.lostMillis());
    }

    /** Time lost by signal, in words: {@code 3 min to replica lag, 12 s to lock waiters}; empty when none was. */
    public static String lost(Map<String, Long> millis) {
        return millis.entrySet().stream()
                .map(lost ->
                        Unit.SECONDS.said(Math.rint(lost.getValue() / 1_000.0)) + " to " + Signal.name(lost.getKey()))
                .collect(Collectors.joining(", "));
    }

    /** What is to be expected, in a few words: why it waits, or how long it takes. */
    public String outlook() {
        if (!throttled.isEmpty()) {
            return "throttled by " + throttled;
        }
        return Set.of("", "measuring", "paused").contains(remaining) ? remaining : remaining + " left";
    }
}
