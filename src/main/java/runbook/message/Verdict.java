package runbook.message;

import java.util.Locale;

/** What was found. An error while looking is {@code NOT_VERIFIED} and never counts as passed. */
public enum Verdict {
    PASSED,
    FAILED,
    NOT_VERIFIED;

    /** The word in tables, and in what hooks are told. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
