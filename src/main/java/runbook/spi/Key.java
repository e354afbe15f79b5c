package runbook.spi;

import java.util.Arrays;
import java.util.List;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.TableField;

/** The columns that order and identify the units of a table: indexed, unique, not null; one or several. */
public record Key(List<TableField<?, ?>> columns) {

    public Key {
        columns = List.copyOf(columns);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a key has at least one column, found none");
        }
    }

    public static Key of(TableField<?, ?>... columns) {
        return new Key(Arrays.asList(columns));
    }

    /** The table whose rows are the units. */
    public Table<?> table() {
        Table<?> table = columns.get(0).getTable();
        if (table == null) {
            throw new IllegalStateException("key column " + columns.get(0).getName() + " belongs to no table");
        }
        return table;
    }

    /** The columns as plain fields, for clauses that take them so. */
    public List<Field<?>> fields() {
        return List.copyOf(columns);
    }
}
