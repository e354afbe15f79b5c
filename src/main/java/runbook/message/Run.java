package runbook.message;

/**
 * A run as its activities know it.
 *
 * @param id the row of {@code runbook.migration_run} in the target
 * @param epoch rises with each new owner of the row; writes of an older epoch are refused
 * @param workflowRun Temporal's run id of the owner, the salt of its evidence
 */
public record Run(String migration, String target, long id, int epoch, String workflowId, String workflowRun) {}
