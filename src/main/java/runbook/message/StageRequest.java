package runbook.message;

/** One stage of the cutover, by its position in the migration's list, from 0. */
public record StageRequest(PhaseRequest phase, int stage) {}
