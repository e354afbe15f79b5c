package runbook.message;

import java.util.Map;

/**
 * One line for the audit.
 *
 * @param once names the act, so that it is written once however often the activity runs
 */
public record Act(Run run, String act, String subject, String who, Map<String, String> detail, String once) {}
