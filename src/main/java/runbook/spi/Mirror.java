package runbook.spi;

import org.jooq.Table;

/**
 * A trigger that repeats the writes on one shape in the other, or notes those that the end of the run must know of; its SQL
 * is in the schema folder.
 *
 * @param trigger the name, for the guards that look whether it is alive
 * @param on the table that it watches
 */
public record Mirror(String trigger, Table<?> on) {}
