package runbook.message;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the run waits for people.
 *
 * @param at a gate, {@code parked}, {@code paused} or {@code held}; empty for all of them without a wait of their own
 * @param deadline {@code null} for none
 * @param onDeadline what becomes of it then
 * @param remind how often people are reminded; {@code null} for never
 */
public record Wait(
        String at,
        @Nullable Duration deadline,
        Overdue onDeadline,
        @Nullable Duration remind) {

    /** As long as it takes, in silence. */
    public static final Wait USUAL = new Wait("", null, Overdue.WAIT, null);
}
