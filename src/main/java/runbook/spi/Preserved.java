package runbook.spi;

import java.util.Set;
import org.jooq.Field;
import org.jooq.Table;

/**
 * No column of this table but these changes through the migration itself: neither by the copy nor by a mirror, nor by a
 * trigger of the application on what they write. Columns that are added later are included, and what the application
 * changes is not asked about.
 */
public record Preserved(Table<?> table, Set<Field<?>> mayChange) {

    public Preserved {
        mayChange = Set.copyOf(mayChange);
    }
}
