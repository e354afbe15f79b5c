package runbook.message;

/**
 * A run as its activities know it.
 *
 * @param id the row of {@code runbook.migration_run} in the target
 * @param epoch rises with each new owner of the row; writes of an older epoch are refused
 * @param workflowRun Temporal's run id of the owner, the salt of its evidence
 */
public record Run(String migration, String target, long id, int epoch, String workflowId, String workflowRun) {

    /**
     * The number up to which attempts are those of former owners: a new one counts on from there, must not write over
     * them, and rests no decision on them. Ten thousand for each owner, more than one ever makes.
     */
    public int formerAttempts() {
        return (epoch - 1) * 10_000;
    }
}
