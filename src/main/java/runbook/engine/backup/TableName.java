package runbook.engine.backup;

import org.jooq.Name;
import org.jooq.Table;
import org.jooq.impl.DSL;
import runbook.engine.RunbookException;

/** A table as people write it and as statements quote it. */
record TableName(String schema, String name) implements Comparable<TableName> {

    static TableName of(Table<?> table) {
        if (table.getSchema() == null || table.getSchema().getName().isEmpty()) {
            throw new RunbookException("backup: table '" + table.getName()
                    + "' has no schema; expected schema and name, since sessions have no search path");
        }
        return new TableName(table.getSchema().getName(), table.getName());
    }

    /** For statements. */
    Name quoted() {
        return DSL.name(schema, name);
    }

    /** For statements that take a table by its name as text, such as {@code regclass}. */
    String asText() {
        return quoted().toString();
    }

    TableName in(String otherSchema) {
        return new TableName(otherSchema, name);
    }

    @Override
    public int compareTo(TableName other) {
        return toString().compareTo(other.toString());
    }

    /** For people. */
    @Override
    public String toString() {
        return schema + "." + name;
    }
}
