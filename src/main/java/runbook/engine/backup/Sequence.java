package runbook.engine.backup;

import org.jspecify.annotations.Nullable;

/**
 * A sequence and where it stood. Sequences stand outside of snapshots: the number is read after the snapshot was taken,
 * so it is never behind the rows.
 *
 * @param table the table whose column owns it, if one does
 * @param identity it belongs to an identity column and is made with it
 */
record Sequence(
        TableName name,
        String type,
        long start,
        long increment,
        long min,
        long max,
        long cache,
        boolean cycle,
        long last,
        boolean called,
        @Nullable TableName table,
        @Nullable String column,
        boolean identity) {}
