package runbook.message;

/**
 * Asks to bring one unit over alone. The key was typed by a person. {@code once} names the request, so that an attempt
 * that is repeated gives the answer of the first.
 */
public record TrialRequest(PhaseRequest phase, String key, String requestedBy, String once) {}
