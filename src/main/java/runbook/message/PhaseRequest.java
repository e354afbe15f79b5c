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

    public PhaseRequest(Run run, Start start, Phase phase, int attempt) {
        this(run, start, phase, attempt, false, true);
    }

    /** What a person may send when it has failed, in words. */
    public String signals() {
        return reversible && phase != Phase.ROLLBACK ? "'retry', or 'rollback'" : "'retry'";
    }

    /** The attempt among those of all owners. */
    public int attemptOfRun() {
        return run.formerAttempts() + attempt;
    }
}
