package runbook.engine.selftest;

import java.util.Locale;

/**
 * What became of one planted corruption.
 *
 * @param where a table and its column, or a table
 * @param by which check caught it, what refused it, or why there was nothing to plant
 */
public record Finding(String corruption, String where, Fate fate, String by) {

    /** How a corruption ended. */
    public enum Fate {
        CAUGHT,
        REFUSED_BY_THE_DATABASE,
        EQUAL_RIGHTLY_NOT_CAUGHT,
        NOT_APPLICABLE,
        NOT_CAUGHT,
        CAUGHT_THOUGH_EQUAL;

        /** Whether the validation did what is expected of it. */
        public boolean good() {
            return this != NOT_CAUGHT && this != CAUGHT_THOUGH_EQUAL;
        }

        /** For people. */
        public String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ').replace("equal rightly", "equal, rightly");
        }
    }
}
