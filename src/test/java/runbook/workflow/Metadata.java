package runbook.workflow;

import io.temporal.api.sdk.v1.WorkflowMetadata;
import io.temporal.client.WorkflowStub;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a run says of itself to the Web UI and the command line. */
record Metadata(String currentDetails, Map<String, String> signals, Map<String, String> updates) {

    static Metadata of(WorkflowStub run) {
        WorkflowMetadata metadata = run.query("__temporal_workflow_metadata", WorkflowMetadata.class);
        Map<String, String> signals = new LinkedHashMap<>();
        metadata.getDefinition().getSignalDefinitionsList().forEach(d -> signals.put(d.getName(), d.getDescription()));
        Map<String, String> updates = new LinkedHashMap<>();
        metadata.getDefinition().getUpdateDefinitionsList().forEach(d -> updates.put(d.getName(), d.getDescription()));
        return new Metadata(metadata.getCurrentDetails(), signals, updates);
    }
}
