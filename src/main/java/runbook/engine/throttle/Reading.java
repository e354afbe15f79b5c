package runbook.engine.throttle;

import org.jspecify.annotations.Nullable;

/**
 * What a signal says now.
 *
 * @param number null when it could not be read
 * @param why what to do about that; empty when it was read
 */
record Reading(@Nullable Double number, String why) {

    static Reading of(double number) {
        return new Reading(number, "");
    }

    static Reading unreadable(String why) {
        return new Reading(null, why);
    }
}
