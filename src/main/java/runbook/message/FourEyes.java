package runbook.message;

import java.util.Locale;

/**
 * How the one who approves is told from the one who started. Names are what people type; an identity is what the client
 * of the sender calls itself, which one person with one shell cannot help sharing between both.
 */
public enum FourEyes {
    /** Other names suffice; the same identity is shown as a warning. */
    NAMES,
    /** The identities must differ too, and both must be there. */
    IDENTITY;

    /** The word in the input. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
