package runbook.engine;

import java.util.Locale;

/** When the application's times were taken. */
public enum Moment {
    /** Nothing of the run is in the way yet. */
    BEFORE("before"),
    /** The mirrors repeat each write, and nothing is copied yet. */
    MIRRORED("with mirrors"),
    DURING("during the copy"),
    /** Everything is switched; the mirrors are still there, for the way back. */
    AFTER("after the cutover");

    private final String words;

    Moment(String words) {
        this.words = words;
    }

    public static Moment of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    public String words() {
        return words;
    }

    /** As tables have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
