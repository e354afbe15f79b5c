package runbook.message;

/** Asks to bring one unit over alone. The key was typed by a person. */
public record TrialRequest(PhaseRequest phase, String key, String requestedBy) {}
