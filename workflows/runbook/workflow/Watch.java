package runbook.workflow;

import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.function.Supplier;
import runbook.message.Control;

/** Sees work on the target through. When the run leaves meanwhile, the work is stopped, and seen to end, first. */
final class Watch {

    private final Journal journal;
    private final Judge judge;

    Watch(Journal journal, Judge judge) {
        this.journal = journal;
        this.judge = judge;
    }

    /** The work's result, or its failure; messages are judged while it lasts. */
    <T> T over(Supplier<Promise<T>> work) {
        CompletablePromise<T> ended = Workflow.newPromise();
        CancellationScope scope = Workflow.newCancellationScope(() -> ended.completeFrom(work.get()));
        scope.run();
        try {
            judge.until(ended::isCompleted);
        } catch (Leave leave) {
            stopBatches(leave);
            scope.cancel(leave.getMessage());
            judge.until(ended::isCompleted);
            ended.getFailure();
            throw leave;
        }
        return ended.get();
    }

    /** Batches look between two of them; whoever does not look is reached by the cancellation. */
    private void stopBatches(Leave leave) {
        try {
            Calls.run("stops the batches")
                    .control(new Control(
                            journal.origin().run(),
                            "abort",
                            leave.requestedBy(),
                            leave.reason(),
                            journal.origin().once("leave")));
        } catch (ActivityFailure failure) {
            journal.dealings().note("The batches could not be told to stop: " + Failures.sentence(failure));
        }
    }
}
