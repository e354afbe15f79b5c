package runbook.workflow;

import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.WorkflowReplayer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import runbook.Eventually;
import runbook.message.Attest;
import runbook.message.Attestation;

/** A run's history on the server. */
record Past(WorkflowClient client, String workflowId) {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    List<HistoryEvent> events() {
        return client.fetchHistory(workflowId).getEvents();
    }

    String json() {
        return client.fetchHistory(workflowId).toJson(false);
    }

    Past of(String child) {
        return new Past(client, child);
    }

    /** The stack trace that a person sees who looks at why the run failed. */
    String stackTraceOfTheEnd() {
        List<HistoryEvent> events = events();
        return events.get(events.size() - 1)
                .getWorkflowExecutionFailedEventAttributes()
                .getFailure()
                .getStackTrace();
    }

    /** Who started it. */
    Attestation starter() {
        HistoryEvent first = events().get(0);
        String identity = first.getWorkflowExecutionStartedEventAttributes().getIdentity();
        Instant at = Instant.ofEpochSecond(first.getEventTime().getSeconds());
        return new Attestation(identity, null, first.getEventId(), at);
    }

    /** Who sent what is to be attested: the signal's event, or the update's. */
    Optional<Attestation> sender(Attest attest) {
        for (HistoryEvent event : events()) {
            Instant at = Instant.ofEpochSecond(event.getEventTime().getSeconds());
            var update = event.getWorkflowExecutionUpdateAcceptedEventAttributes()
                    .getAcceptedRequest()
                    .getMeta();
            if (event.hasWorkflowExecutionSignaledEventAttributes() && event.getEventId() == attest.eventId()) {
                String identity =
                        event.getWorkflowExecutionSignaledEventAttributes().getIdentity();
                return Optional.of(new Attestation(identity, null, event.getEventId(), at));
            }
            if (event.hasWorkflowExecutionUpdateAcceptedEventAttributes()
                    && update.getUpdateId().equals(attest.updateId())) {
                return Optional.of(new Attestation(update.getIdentity(), null, event.getEventId(), at));
            }
        }
        return Optional.empty();
    }

    /** Waits until so many updates of a name were let in. */
    void accepted(String update, int count) throws Exception {
        Eventually.holds(
                count + " updates " + update,
                PATIENCE,
                () -> events().stream()
                                .filter(event -> event.getWorkflowExecutionUpdateAcceptedEventAttributes()
                                        .getAcceptedRequest()
                                        .getInput()
                                        .getName()
                                        .equals(update))
                                .count()
                        >= count);
    }

    /** Waits for a line of the Web UI's timeline. */
    void shows(String summary) throws Exception {
        Eventually.holds("the timeline shows " + summary, PATIENCE, () -> events().stream()
                .anyMatch(event -> event.getUserMetadata()
                        .getSummary()
                        .getData()
                        .toStringUtf8()
                        .contains(summary)));
    }

    /** Has it decided again by this build of the workflow, as a worker does that takes over. */
    void replayed(Class<?> migration) throws Exception {
        WorkflowReplayer.replayWorkflowExecution(WorkflowExecutionHistory.fromJson(json(), workflowId), migration);
    }
}
