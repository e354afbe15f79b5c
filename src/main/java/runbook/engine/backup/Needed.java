package runbook.engine.backup;

/**
 * What a table needs before it can be made: an extension, a type, a collation, a function.
 *
 * @param kind {@code extension}, {@code type}, {@code collation} or {@code function}
 * @param name as its look-up function reads it
 */
record Needed(String kind, String name, String sql) {}
