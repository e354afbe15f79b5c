package runbook.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import runbook.Eventually;

/** The person at the terminal: looks at {@code status}, waits, and types. */
final class Operator {

    static final Duration PATIENCE = Duration.ofSeconds(150);

    private final TemporalCli temporal;
    private final String workflow;

    Operator(TemporalCli temporal, String workflow) {
        this.temporal = temporal;
        this.workflow = workflow;
    }

    JsonNode status() {
        return temporal.status(workflow);
    }

    /** Waits for a state; a run that parks or ends in its place is told at once with what it says. */
    JsonNode await(String what, Predicate<JsonNode> wanted) throws Exception {
        AtomicReference<JsonNode> last = new AtomicReference<>();
        Eventually.holds(what, PATIENCE, () -> {
            JsonNode status = status();
            last.set(status);
            if (!wanted.test(status) && status.path("state").asText().equals("parked")) {
                throw new AssertionError("parked while waiting for " + what + ": " + status.toPrettyString());
            }
            return wanted.test(status);
        });
        return last.get();
    }

    JsonNode awaitGate(String gate) throws Exception {
        return await(
                "gate " + gate,
                status -> status.path("state").asText().equals("waiting")
                        && status.path("gate").path("name").asText().equals(gate));
    }

    /** Approves the gate with the evidence that is shown, by a signal. */
    void approve(String gate) throws Exception {
        JsonNode status = awaitGate(gate);
        String evidence = status.path("gate").path("evidence").asText();
        TemporalCli.Printed printed = temporal.signal(
                workflow,
                "approve",
                "{\"gate\":\"%s\",\"evidence\":\"%s\",\"approver\":\"alice\",\"comment\":\"looked at it\"}"
                        .formatted(gate, evidence.substring(0, 8)));
        if (printed.code() != 0) {
            throw new AssertionError(printed.all());
        }
    }

    void signal(String name, String json) {
        TemporalCli.Printed printed = temporal.signal(workflow, name, json);
        if (printed.code() != 0) {
            throw new AssertionError(printed.all());
        }
    }
}
