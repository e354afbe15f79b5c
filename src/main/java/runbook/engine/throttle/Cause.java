package runbook.engine.throttle;

import org.jspecify.annotations.Nullable;
import runbook.message.Signal;

/**
 * Why a copy waits.
 *
 * @param signal its word, or {@link #SCHEDULE}
 * @param reading null when it could not be read, and for the schedule
 * @param allowed the limit; null for the schedule
 * @param note when the schedule opens, or why the signal cannot be read
 */
public record Cause(
        String signal, @Nullable Double reading, @Nullable Double allowed, String note) {

    static final String SCHEDULE = "schedule";

    /** As people read it: {@code replica lag (12 s, limit 10 s)}. */
    public String words() {
        return Signal.name(signal) + " ("
                + (reading == null || allowed == null ? note : said(reading) + ", limit " + said(allowed)) + ")";
    }

    /** A reading or a limit of this signal for people; a dash for none. */
    public String said(@Nullable Double number) {
        return number == null
                ? "–"
                : Signal.named(signal).map(known -> known.unit().said(number)).orElse("–");
    }
}
