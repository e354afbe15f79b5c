package runbook.message;

/**
 * A message that changed nothing.
 *
 * @param event its event in the run's history; 0 when that is not known
 * @param verb its name as it was sent
 */
public record StatusIgnored(long event, String verb, String reason) {}
