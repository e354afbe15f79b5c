package runbook.message;

import java.util.Map;

/**
 * The verification record of a trial.
 *
 * @param refused why there is none; empty when there is
 * @param record the columns of the migration's verification, in order, as text or lists of text
 */
public record TrialReport(String refused, boolean alreadyMigrated, Map<String, Object> record) {}
