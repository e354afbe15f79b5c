package runbook.activity;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInfo;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import runbook.engine.RunbookException;
import runbook.message.Attest;
import runbook.message.Attestation;

/** Finds in the run's own history who sent a message, or started it: workflow code cannot see it. */
final class Senders {

    private Senders() {}

    static Attestation find(Attest attest) {
        for (HistoryEvent event : history()) {
            @Nullable String identity = identity(event, attest);
            if (identity != null) {
                return attestation(event, identity);
            }
        }
        throw new RunbookException(attest.run().migration() + ": the approval of gate " + attest.gate()
                + " is not in the run's history (event " + attest.eventId() + "). It was not counted. Send it again.");
    }

    /** Who started the workflow; where the start says nothing, who sent the update that came with it. */
    static Attestation starter() {
        List<HistoryEvent> history = history();
        HistoryEvent started = history.get(0);
        String identity = started.getWorkflowExecutionStartedEventAttributes().getIdentity();
        String begun = history.stream().flatMap(Senders::begin).findFirst().orElse("");
        return attestation(started, identity.isBlank() ? begun : identity);
    }

    private static Stream<String> begin(HistoryEvent event) {
        var update = event.getWorkflowExecutionUpdateAcceptedEventAttributes().getAcceptedRequest();
        return update.getInput().getName().equals("begin")
                ? Stream.of(update.getMeta().getIdentity())
                : Stream.empty();
    }

    private static List<HistoryEvent> history() {
        ActivityInfo info = Activity.getExecutionContext().getInfo();
        WorkflowClient client = Activity.getExecutionContext().getWorkflowClient();
        return client.fetchHistory(Objects.requireNonNull(info.getWorkflowId()), info.getWorkflowRunId())
                .getEvents();
    }

    private static Attestation attestation(HistoryEvent event, String identity) {
        Instant at = Instant.ofEpochSecond(
                event.getEventTime().getSeconds(), event.getEventTime().getNanos());
        String principal = event.hasPrincipal()
                ? event.getPrincipal().getType() + ":" + event.getPrincipal().getName()
                : null;
        return new Attestation(identity, principal, event.getEventId(), at);
    }

    private static @Nullable String identity(HistoryEvent event, Attest attest) {
        if (event.hasWorkflowExecutionSignaledEventAttributes() && event.getEventId() == attest.eventId()) {
            return event.getWorkflowExecutionSignaledEventAttributes().getIdentity();
        }
        if (attest.updateId() != null && event.hasWorkflowExecutionUpdateAcceptedEventAttributes()) {
            var meta = event.getWorkflowExecutionUpdateAcceptedEventAttributes()
                    .getAcceptedRequest()
                    .getMeta();
            return meta.getUpdateId().equals(attest.updateId()) ? meta.getIdentity() : null;
        }
        return null;
    }
}
