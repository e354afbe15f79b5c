package runbook.message;

/**
 * What one check found.
 *
 * @param severity {@code blocking} or {@code advisory}
 * @param found counter-examples
 * @param note why it is not verified, or what was measured; empty when there is nothing to add
 */
public record CheckVerdict(String name, String severity, Verdict verdict, long found, String note) {

    /** The check that a stop in the database makes fail: after it the run switches again when a person says so. */
    public static final String SWITCHES = "every flag and view is as the run left it";
}
