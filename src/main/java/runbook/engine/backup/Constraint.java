package runbook.engine.backup;

import org.jspecify.annotations.Nullable;

/**
 * A constraint as the catalog prints it.
 *
 * @param references the other table of a foreign key
 */
record Constraint(String name, String definition, @Nullable TableName references) {}
