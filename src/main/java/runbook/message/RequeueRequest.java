package runbook.message;

/**
 * Another try for the rows that the database refused.
 *
 * @param once names the request, whatever attempts it takes
 */
public record RequeueRequest(PhaseRequest phase, String requestedBy, String reason, String once) {}
