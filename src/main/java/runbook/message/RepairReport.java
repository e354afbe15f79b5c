package runbook.message;

/**
 * What a repair did, or would do.
 *
 * @param refused why nothing was done; empty when it was
 */
public record RepairReport(String refused, String truth, boolean dryRun, long keys, long rows) {}
