package runbook.workflow;

import java.time.Duration;
import java.util.List;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;

/** A backup counts once it was restored. */
public final class BackupWorkflowImpl implements PhaseWorkflow.Backup {

    @Override
    public PhaseReport run(PhaseRequest request) {
        PhaseReport backup = Calls.within(Duration.ofDays(7), "copies the tables at one snapshot")
                .backUp(request);
        if (backup.verdict() != Verdict.PASSED) {
            return backup;
        }
        PhaseReport drill =
                Calls.within(Duration.ofDays(7), "drill: restores and compares").drill(request);
        return Reports.joined(List.of(backup, drill));
    }
}
