package runbook.activity;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInfo;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import runbook.engine.RunbookException;
import runbook.message.Attest;
import runbook.message.Attestation;

/** Finds in the run's own history who sent a message: workflow code cannot see it. */
final class Senders {

    private Senders() {}

    static Attestation find(Attest attest) {
        ActivityInfo info = Activity.getExecutionContext().getInfo();
        WorkflowClient client = Activity.getExecutionContext().getWorkflowClient();
        var history = client.fetchHistory(Objects.requireNonNull(info.getWorkflowId()), info.getWorkflowRunId());
        for (HistoryEvent event : history.getEvents()) {
            @Nullable String identity = identity(event, attest);
            if (identity != null) {
                Instant at = Instant.ofEpochSecond(
                        event.getEventTime().getSeconds(), event.getEventTime().getNanos());
                String principal = event.hasPrincipal()
                        ? event.getPrincipal().getType() + ":"
                                + event.getPrincipal().getName()
                        : null;
                return new Attestation(identity, principal, event.getEventId(), at);
            }
        }
        throw new RunbookException(attest.run().migration() + ": the approval of gate " + attest.gate()
                + " is not in the run's history (event " + attest.eventId() + "). It was not counted. Send it again.");
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
