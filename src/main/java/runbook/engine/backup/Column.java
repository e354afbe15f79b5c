package runbook.engine.backup;

import org.jooq.Name;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * One column as the catalog prints it.
 *
 * @param collation quoted, only where it is not the type's own
 * @param expression the default, or what a generated column is computed from
 * @param identity {@code always}, {@code by default} or empty
 * @param generated {@code stored}, {@code virtual} or empty
 */
record Column(
        String name,
        String type,
        @Nullable String collation,
        boolean notNull,
        @Nullable String expression,
        String identity,
        String generated) {

    Name quoted() {
        return DSL.name(name);
    }

    /** Whether the row itself holds the value; a computed one is compared, but neither saved nor restored. */
    boolean saved() {
        return generated.isEmpty();
    }
}
