package runbook.engine.backup;

/**
 * How far it is, for a heartbeat.
 *
 * @param doing what, and at which table
 * @param tables finished
 * @param of tables in all
 */
public record Headway(String doing, int tables, int of, long bytes) {}
