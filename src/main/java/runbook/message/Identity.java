package runbook.message;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who counts as the one who approves. */
public enum Identity {
    /** The name in the message: what people type. */
    CLAIMED,
    /** What the sender's client calls itself, as the run's history has it. One shell has one, whatever is typed in it. */
    HISTORY,
    /** Whom the server has authenticated, as {@code type:name}; only some servers tell. */
    PRINCIPAL;

    /** What it goes by. */
    public String noun() {
        return this == CLAIMED ? "name" : this == HISTORY ? "identity" : "principal";
    }

    /** The word in the input. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Who it is, by this way of telling; empty where nobody can. */
    public String person(String claimed, @Nullable Attestation sender) {
        if (this == CLAIMED) {
            return claimed;
        }
        String told = sender == null ? null : this == HISTORY ? sender.identity() : sender.principal();
        return told == null ? "" : told;
    }
}
