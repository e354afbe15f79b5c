package runbook.workflow;

import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Workflow;

/** What whoever starts a run with an update is answered: that the input is good, or every problem of it. */
final class Begun {

    private final CompletablePromise<String> answer = Workflow.newPromise();

    void answer(String sentence) {
        if (!answer.isCompleted()) {
            answer.complete(sentence);
        }
    }

    void refuse(String message) {
        if (!answer.isCompleted()) {
            answer.completeExceptionally(Refused.quiet(message, "InvalidInput"));
            // Read once: nobody may have asked, and Temporal would log a failure that nobody looked at.
            answer.getFailure();
        }
    }

    /** Waits for it. */
    String awaited() {
        return answer.get();
    }
}
