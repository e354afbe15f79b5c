package runbook.spi;

import org.jooq.Condition;

/**
 * Units that a backfill leaves out, and why.
 *
 * @param reason words for a count: "already has a status"
 * @param when a condition on the source; the engine counts it by a query of its own
 */
public record Exclusion(String reason, Condition when) {}
