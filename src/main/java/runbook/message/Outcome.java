package runbook.message;

import java.util.Locale;

/** How a run ends. */
public enum Outcome {
    COMPLETED,
    REJECTED,
    ROLLED_BACK,
    ABORTED;

    /** The word that the database, {@code status} and people use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
