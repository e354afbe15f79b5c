package runbook.sample;

import org.jspecify.annotations.Nullable;

/**
 * A status of a process, as it is or as it should be.
 *
 * @param optional it may be missing: a process inserted without a status gets one only while there are mirrors
 */
record Row(
        @Nullable String status,
        @Nullable String notes,
        @Nullable Long changedBy,
        boolean active,
        boolean optional) {

    static final String MIGRATED = "Migrated from legacy status field";
    static final String THROUGH_LEGACY = "Changed through the legacy status field";

    boolean migrated() {
        return MIGRATED.equals(notes);
    }

    String inWords() {
        return (status == null ? "null" : "'" + status + "'") + " (" + notes + ", by " + changedBy + ")";
    }
}
