package runbook.sample;

import java.util.Locale;

/** How long statements took, waiting for their turn included. */
public record Latency(long statements, double p50Millis, double p95Millis, double p99Millis, double maxMillis) {

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d statements, p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, longest %.1f ms",
                statements,
                p50Millis,
                p95Millis,
                p99Millis,
                maxMillis);
    }
}
