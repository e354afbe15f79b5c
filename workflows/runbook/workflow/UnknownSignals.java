package runbook.workflow;

import io.temporal.common.converter.EncodedValues;
import io.temporal.workflow.DynamicSignalHandler;
import java.util.function.Consumer;

/** Hands over the names of signals that nobody knows, which would otherwise be kept in silence. */
record UnknownSignals(Consumer<String> inbox) implements DynamicSignalHandler {

    @Override
    public void handle(String name, EncodedValues body) {
        inbox.accept(name);
    }

    @Override
    public String getDescription() {
        return "(do not choose: catches unknown names)";
    }
}
