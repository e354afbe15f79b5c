package runbook.workflow;

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
            PhaseReport copied = Reports.joined(new Slots(request, copy, () -> wanted).copied());
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
}
