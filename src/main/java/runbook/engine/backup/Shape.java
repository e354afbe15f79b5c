package runbook.engine.backup;

import java.util.List;
import org.jooq.Name;

/**
 * Everything that is needed to make a table again, empty.
 *
 * @param key the columns of the primary key; empty when there is none
 * @param leftOut what hangs on the table and is not in the backup, for people
 */
record Shape(
        TableName name,
        boolean unlogged,
        List<Column> columns,
        List<String> key,
        List<Constraint> constraints,
        List<Constraint> foreignKeys,
        List<Index> indexes,
        List<String> leftOut) {

    /** The columns that a file holds, in its order. */
    List<Name> saved() {
        return columns.stream().filter(Column::saved).map(Column::quoted).toList();
    }

    /** The columns that are compared. */
    List<Name> compared() {
        return columns.stream().map(Column::quoted).toList();
    }
}
