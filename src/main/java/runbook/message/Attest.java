package runbook.message;

import org.jspecify.annotations.Nullable;

/**
 * Asks who sent an approval.
 *
 * @param eventId the signal's event in the run's history; 0 for an update
 * @param updateId the update's id; {@code null} for a signal
 */
public record Attest(
        Run run, String gate, long eventId, @Nullable String updateId) {}
