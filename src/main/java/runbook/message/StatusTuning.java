package runbook.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The tuning in force.
 *
 * @param until when it ends by itself; {@code null} for no end
 */
public record StatusTuning(
        int batchMillis,
        int workers,
        double ratio,
        Limits limits,
        @Nullable Instant until,
        String requestedBy,
        String reason) {

    public static StatusTuning of(Tuning tuning, @Nullable Instant until, String requestedBy, String reason) {
        return new StatusTuning(
                tuning.batchMillis(), tuning.workers(), tuning.ratio(), tuning.limits(), until, requestedBy, reason);
    }

    /** In one line, for people. */
    public String words() {
        return new Tuning(batchMillis, workers, ratio, limits).words();
    }
}
