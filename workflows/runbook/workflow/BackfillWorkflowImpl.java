package runbook.workflow;

import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import runbook.message.Copy;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;

/** One backfill after the other, each copied by its slots at once; then what the copy did not need is built. */
public final class BackfillWorkflowImpl implements PhaseWorkflow.Backfill {

    private int wanted;

    @Override
    public PhaseReport run(PhaseRequest request) {
        List<Copy> copies =
                Calls.within(Duration.ofHours(12), "cuts the ranges").openBackfill(request);
        for (Copy copy : copies) {
            PhaseReport copied = copied(request, copy);
            if (copied.verdict() != Verdict.PASSED) {
                return copied;
            }
        }
        return Calls.within(Duration.ofDays(7), "builds what the copy did not need")
                .finishBackfill(request);
    }

    @Override
    public void workers(int count) {
        wanted = count;
    }

    private PhaseReport copied(PhaseRequest request, Copy copy) {
        Slots slots = new Slots(request, copy);
        CancellationScope scope = Workflow.newCancellationScope(() -> {
            slots.atLeast(copy.slots());
            Async.procedure(() -> slots.follow(() -> wanted));
        });
        scope.run();
        return Reports.joined(slots.ended(scope));
    }
}
