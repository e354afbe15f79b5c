package runbook.workflow;

import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import runbook.message.Copy;
import runbook.message.CopyRequest;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;

/** One backfill after the other, each copied by its slots at once; then what the copy did not need is built. */
public final class BackfillWorkflowImpl implements PhaseWorkflow.Backfill {

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

    private static PhaseReport copied(PhaseRequest request, Copy copy) {
        List<Promise<PhaseReport>> slots = new ArrayList<>();
        CancellationScope scope = Workflow.newCancellationScope(() -> {
            for (int slot = 1; slot <= copy.slots(); slot++) {
                PhaseActivities activities = Calls.endless(copy.name() + ", slot " + slot + " of " + copy.slots());
                slots.add(Async.function(activities::copyRanges, new CopyRequest(request, copy.backfill(), slot - 1)));
            }
        });
        scope.run();
        return Reports.joined(ended(slots, scope));
    }

    /** All slots have ended when this returns or throws: none may still write when the phase is over. */
    private static List<PhaseReport> ended(List<Promise<PhaseReport>> slots, CancellationScope scope) {
        List<PhaseReport> reports = new ArrayList<>();
        @Nullable ActivityFailure first = null;
        for (Promise<PhaseReport> slot : slots) {
            try {
                reports.add(slot.get());
            } catch (ActivityFailure failure) {
                first = first == null ? failure : first;
                scope.cancel("another slot failed");
            }
        }
        if (first != null) {
            throw first;
        }
        return reports;
    }
}
