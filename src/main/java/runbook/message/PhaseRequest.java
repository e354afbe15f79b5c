package runbook.message;

/**
 * One attempt at a phase.
 *
 * @param attempt 1 at first; rises with each retry, and with each repeated validation
 * @param acceptDefinition whether a person accepts that the definition is another one than the copy began with
 */
public record PhaseRequest(Run run, Start start, Phase phase, int attempt, boolean acceptDefinition) {

    public PhaseRequest(Run run, Start start, Phase phase, int attempt) {
        this(run, start, phase, attempt, false);
    }
}
