package runbook.message;

/**
 * One attempt at a phase.
 *
 * @param attempt 1 at first; rises with each retry, and with each repeated validation
 */
public record PhaseRequest(Run run, Start start, Phase phase, int attempt) {}
