package runbook.message;

/**
 * One attempt at a phase.
 *
 * @param attempt 1 at first; rises with each retry, and with each repeated validation
 * @param acceptDefinition whether a person accepts that the definition is another one than the copy began with
 * @param reversible whether a roll-back is still possible: until clean-up is approved
 */
public record PhaseRequest(
        Run run, Start start, Phase phase, int attempt, boolean acceptDefinition, boolean reversible) {

    /** More attempts than one owner of a run ever makes. */
    private static final int OF_ONE_OWNER = 10_000;

    public PhaseRequest(Run run, Start start, Phase phase, int attempt) {
        this(run, start, phase, attempt, false, true);
    }

    /** What a person may send when it has failed, in words. */
    public String signals() {
        return reversible && phase != Phase.ROLLBACK ? "'retry', or 'rollback'" : "'retry'";
    }

    /** The attempt among those of all owners: a new owner counts from 1 again, and must not write over the former's. */
    public int attemptOfRun() {
        return (run.epoch() - 1) * OF_ONE_OWNER + attempt;
    }
}
