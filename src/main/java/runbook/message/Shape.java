package runbook.message;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a field of a message may hold.
 *
 * @param expected in words, with the allowed range
 * @param read the value, or {@code null} for one that does not fit
 */
record Shape(String expected, Function<Object, @Nullable Object> read) {

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(7);

    private static final Shape TEXT = new Shape("a text", found -> found instanceof String ? found : null);
    private static final Shape FLAG = new Shape("true or false", found -> found instanceof Boolean ? found : null);

    /** A trial's key is often a number, and people type it as one. */
    private static final Shape KEY = new Shape(
            "a text", found -> found instanceof Number ? found.toString() : found instanceof String ? found : null);

    private static final Shape RATIO = new Shape(
            "a number from 0 to 100",
            found -> found instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= 100
                    ? number.doubleValue()
                    : null);

    private static final Shape TIME =
            new Shape("a duration from " + SHORTEST + " to P7D, such as \"PT30M\"", Shape::duration);

    /** An object is read signal by signal, each with its own range. */
    private static final Shape LIMITS =
            new Shape("an object of signals and their limits, such as {\"lockWaiters\": 2}", found -> null);

    static Shape of(String field) {
        return switch (field) {
            case "acceptDefinition", "dryRun" -> FLAG;
            case "key" -> KEY;
            case "batchMillis" -> whole(10, 5_000);
            case "workers" -> whole(1, Tuning.MOST_WORKERS);
            case "ratio" -> RATIO;
            case "for" -> TIME;
            case "limits" -> LIMITS;
            default -> TEXT;
        };
    }

    private static Shape whole(int least, int most) {
        return new Shape(
                "a whole number from " + least + " to " + most,
                found -> found instanceof Integer number && number >= least && number <= most ? number : null);
    }

    private static @Nullable Object duration(Object found) {
        if (!(found instanceof String text)) {
            return null;
        }
        try {
            Duration duration = Duration.parse(text);
            return duration.compareTo(SHORTEST) >= 0 && duration.compareTo(LONGEST) <= 0 ? duration : null;
        } catch (DateTimeParseException noDuration) {
            return null;
        }
    }

    /** What was wrong, for the sender. A number is repeated only where one was asked for: elsewhere it may be a key. */
    String against(Object found) {
        boolean range = expected.contains("number") && found instanceof Number;
        return "expected " + expected + ", found " + kind(found) + (range ? " (" + found + ")" : "");
    }

    static String kind(Object value) {
        if (value instanceof String) {
            return "a text";
        }
        if (value instanceof Number) {
            return "a number";
        }
        if (value instanceof Boolean) {
            return "true or false";
        }
        return value instanceof List ? "a list" : "an object";
    }
}
