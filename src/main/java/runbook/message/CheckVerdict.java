package runbook.message;

import java.util.List;

/**
 * What one check found.
 *
 * @param severity {@code blocking} or {@code advisory}
 * @param found counter-examples
 * @param note why it is not verified, or what was measured; empty when there is nothing to add
 * @param repairs the cures of what was found, by name
 */
public record CheckVerdict(
        String name, String severity, Verdict verdict, long found, String note, List<String> repairs) {

    /** The check that a stop in the database makes fail: after it the run switches again when a person says so. */
    public static final String SWITCHES = "every flag and view is as the run left it";

    /** The last one of a run that drops: what it says of the database is the end of the story. */
    public static final String NEW_SHAPE_ALONE = "nothing but the new shape is left";

    public CheckVerdict {
        repairs = List.copyOf(repairs);
    }

    public CheckVerdict(String name, String severity, Verdict verdict, long found, String note) {
        this(name, severity, verdict, found, note, List.of());
    }

    /** The same with ways to cure what it found. */
    public CheckVerdict offering(List<String> names) {
        return new CheckVerdict(name, severity, verdict, found, note, names);
    }
}
