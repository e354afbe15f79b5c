package runbook.message;

/**
 * What running batches are told between two of them.
 *
 * @param wanted {@code run}, {@code pause} or {@code abort}
 */
public record Control(Run run, String wanted, String requestedBy, String reason, String once) {}
