package runbook.message;

/** A repair that people asked for, and what came of it. */
public record StatusRepair(String check, String repair, String requestedBy, RepairReport report) {}
