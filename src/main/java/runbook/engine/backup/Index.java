package runbook.engine.backup;

/**
 * An index that no constraint owns.
 *
 * @param definition from {@code USING} on, so that it fits the table under another name
 */
record Index(String name, boolean unique, String definition) {}
