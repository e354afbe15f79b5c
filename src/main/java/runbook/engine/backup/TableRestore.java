package runbook.engine.backup;

/**
 * One table of a restore: what differed before, and after.
 *
 * @param created the table was not there
 * @param different rows of equal key and other values; without a primary key such rows count on both sides
 * @param remaining rows that still differ afterwards, since triggers of the table itself changed them
 */
public record TableRestore(
        String table, boolean created, long onlyInBackup, long onlyInTable, long different, long remaining) {}
