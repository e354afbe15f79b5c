package runbook.message;

import org.jspecify.annotations.Nullable;

/**
 * Asks who sent an approval, and keeps it with that.
 *
 * @param eventId the signal's event in the run's history; 0 for an update
 * @param updateId the update's id; {@code null} for a signal
 * @param evidence the whole hash that was approved
 */
public record Attest(
        Run run,
        String gate,
        String evidence,
        String decision,
        String approver,
        String comment,
        long eventId,
        @Nullable String updateId) {}
