package runbook.workflow;

import io.temporal.workflow.CompletablePromise;
import org.jspecify.annotations.Nullable;
import runbook.message.Body;
import runbook.message.Verb;

/**
 * A message as it arrived.
 *
 * @param number its place in the order of arrival in this run
 * @param word the name that it was sent with
 * @param verb {@code null} when there is no such verb
 * @param event the signal's event in the run's history; 0 for an update
 * @param updateId empty for a signal
 * @param answer what the sender of an update waits for; {@code null} for a signal
 */
record Message(
        int number,
        String word,
        @Nullable Verb verb,
        Body body,
        long event,
        String updateId,
        @Nullable CompletablePromise<Object> answer) {

    String text(String field) {
        return body.text(field);
    }

    void accept(Object sentence) {
        if (answer != null && !answer.isCompleted()) {
            answer.complete(sentence);
        }
    }

    void refuse(String reason) {
        if (answer != null && !answer.isCompleted()) {
            answer.completeExceptionally(Refused.failure(reason));
        }
    }
}
