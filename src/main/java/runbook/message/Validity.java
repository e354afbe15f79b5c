package runbook.message;

import java.util.Locale;

/** What an approval is worth. */
public enum Validity {
    COUNTS,
    /** Its time was over before its gate had as many as it takes. */
    EXPIRED,
    /** Whoever gave it has taken it back. */
    WITHDRAWN,
    /** It was given on other evidence than that of now. */
    OUTDATED;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
