package runbook.engine.backup;

import java.util.Optional;

/**
 * What to put back.
 *
 * @param table {@code schema.table}; all tables of the backup when empty
 * @param into a schema for copies to look at, instead of the tables themselves
 * @param dryRun only tells what would change
 * @param ofOpenRun the restore belongs to the run that is open; otherwise an open run forbids it
 */
public record RestoreRequest(Optional<String> table, Optional<String> into, boolean dryRun, boolean ofOpenRun) {

    /** All tables, into place. */
    public static RestoreRequest everything() {
        return new RestoreRequest(Optional.empty(), Optional.empty(), false, false);
    }

    /** One table, into place. */
    public static RestoreRequest only(String table) {
        return new RestoreRequest(Optional.of(table), Optional.empty(), false, false);
    }

    /** The same beside the tables, in a schema of its own. */
    public RestoreRequest aside(String schema) {
        return new RestoreRequest(table, Optional.of(schema), dryRun, ofOpenRun);
    }

    /** The same, only told. */
    public RestoreRequest dry() {
        return new RestoreRequest(table, into, true, ofOpenRun);
    }

    /** The same as a part of the run that is open. */
    public RestoreRequest ofTheOpenRun() {
        return new RestoreRequest(table, into, dryRun, true);
    }
}
