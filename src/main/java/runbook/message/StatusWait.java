package runbook.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A wait for people.
 *
 * @param at a gate, {@code parked}, {@code paused} or {@code held}
 * @param reminders how often they were reminded
 * @param reminded when they were reminded last; {@code null} for never
 * @param deadline {@code null} where there is none
 * @param onDeadline what becomes of it then
 */
public record StatusWait(
        String at,
        Instant since,
        int reminders,
        @Nullable Instant reminded,
        @Nullable Instant deadline,
        Overdue onDeadline) {

    public StatusWait reminded(Instant now) {
        return new StatusWait(at, since, reminders + 1, now, deadline, onDeadline);
    }
}
