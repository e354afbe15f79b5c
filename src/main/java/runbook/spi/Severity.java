package runbook.spi;

import java.util.Locale;

/** Whether a counter-example stops the run or is only shown to the people who decide. */
public enum Severity {
    BLOCKING,
    ADVISORY;

    /** The word in tables, reports and histories. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
