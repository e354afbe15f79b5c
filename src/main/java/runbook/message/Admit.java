package runbook.message;

import java.util.List;

/**
 * Asks for a run's row.
 *
 * @param problems what is already wrong with the input; when there is any, nothing is opened, but the rest is checked
 */
public record Admit(Start start, List<String> problems, String workflowId, String workflowRun) {}
