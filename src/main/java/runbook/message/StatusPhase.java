package runbook.message;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the phase table.
 *
 * @param state {@code -}, {@code running}, {@code waiting}, {@code parked}, {@code passed}, {@code failed},
 *     {@code not_verified} or {@code stopped}
 * @param attempt 0 before the first
 */
public record StatusPhase(
        String phase,
        String state,
        int attempt,
        String summary,
        @Nullable Instant began,
        @Nullable Instant ended,
        List<CheckVerdict> checks,
        Map<String, Long> counts,
        List<String> problems) {

    public static StatusPhase ahead(String phase) {
        return new StatusPhase(phase, "-", 0, "", null, null, List.of(), Map.of(), List.of());
    }

    public StatusPhase running(int next, Instant now) {
        return new StatusPhase(phase, "running", next, summary, now, null, checks, counts, problems);
    }

    public StatusPhase ended(String verdict, PhaseReport report, Instant now) {
        return new StatusPhase(
                phase,
                verdict,
                attempt,
                report.summary(),
                began,
                now,
                report.checks(),
                report.counts(),
                report.problems());
    }

    public StatusPhase stopped(Instant now) {
        return new StatusPhase(phase, "stopped", attempt, summary, began, now, checks, counts, problems);
    }

    public StatusPhase in(String other) {
        return new StatusPhase(phase, other, attempt, summary, began, ended, checks, counts, problems);
    }
}
