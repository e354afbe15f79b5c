package runbook.engine;

import java.util.List;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;

/**
 * A key whose rows differ between the shapes.
 *
 * @param key as texts
 * @param onlyIn the shape that alone has rows of the key, {@code old} or {@code new}; null when both have
 * @param columns that differ, by name; all but the key's when only their combination does
 * @param rows of both shapes, as texts; where these are long, how long they are
 */
record Difference(List<String> key, @Nullable String onlyIn, List<String> columns, JSONB rows) {

    /** Those of a chunk: how many keys, and the first of them. */
    record Several(long keys, List<Difference> first) {

        static final Several NONE = new Several(0, List.of());

        /** Whether some were not told in full. */
        boolean more() {
            return keys > first.size();
        }
    }
}
