package runbook.sample;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the application did to one process, in a transaction that was committed.
 *
 * @param sequence drawn while the process's row was locked: of two changes to one process the earlier has the lower
 * @param before the status before, as the log has it; null also where the process was not there
 * @param after the status afterwards; null also where the process is gone
 * @param actor the user it was done as; it may be one that does not exist
 * @param notes what was noted with it, through {@code add_status} alone
 */
public record Change(
        long sequence,
        long process,
        Kind kind,
        Way way,
        @Nullable String before,
        @Nullable String after,
        @Nullable Long actor,
        @Nullable String notes) {

    /** {@code FOUND}: not a change, but what the first locked look at a process showed. */
    public enum Kind {
        FOUND,
        INSERT,
        UPDATE,
        DELETE
    }

    /** {@code NEW_SHAPE}: an insert that leaves the legacy field out. */
    public enum Way {
        LEGACY,
        ADD_STATUS,
        NEW_SHAPE
    }

    /** Whether it makes a status of its own: the same status again does so through {@code add_status} alone. */
    boolean visible() {
        return way == Way.ADD_STATUS || kind == Kind.INSERT || !Objects.equals(before, after);
    }

    Change from(@Nullable String status) {
        return new Change(sequence, process, kind, way, status, after, actor, notes);
    }
}
