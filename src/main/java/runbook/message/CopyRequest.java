package runbook.message;

/**
 * One worker slot's share of a backfill.
 *
 * @param backfill the position of the backfill in the migration's list, from 0
 */
public record CopyRequest(PhaseRequest phase, int backfill, int slot) {}
