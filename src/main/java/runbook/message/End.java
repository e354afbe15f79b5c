package runbook.message;

/** Closes a run's row; from then on a new run may begin. */
public record End(Run run, Outcome outcome, String requestedBy, String reason) {}
