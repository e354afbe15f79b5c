package runbook.sample;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a user does with a process.
 *
 * @param process its number; of no meaning for a new one
 * @param status what the user sets
 * @param actor who: an admin where the application asks for one, else whoever; it may be a user who has left, or nobody
 */
record Action(
        Kind kind,
        long process,
        @Nullable String status,
        @Nullable Long actor) {

    enum Kind {
        READ,
        CHANGE,
        /** Saves the form without having touched it: the same status again. */
        REPEAT,
        RETITLE,
        INSERT,
        DELETE,
        REINSERT
    }
}
