package runbook.message;

import java.util.List;
import java.util.Locale;

/** What becomes of a wait for people whose deadline has come. None of it goes forward: that takes a person. */
public enum Overdue {
    /** They are reminded, and waited for as before. */
    WAIT,
    /** As if one of them had rejected. */
    REJECT,
    /** The old shape comes back, later writes included. */
    ROLLBACK,
    /** The same, and the run ends as aborted. */
    ABORT;

    /** The word in the input. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is possible at a place; where none is named, only what is possible at all of them. */
    static List<Overdue> at(String place) {
        return switch (place) {
            case "" -> List.of(WAIT);
            case "parked", "paused", "held" -> List.of(WAIT, ROLLBACK, ABORT);
            case "drop" -> List.of(WAIT, REJECT);
            default -> List.of(WAIT, REJECT, ROLLBACK);
        };
    }
}
