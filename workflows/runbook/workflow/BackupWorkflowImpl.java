package runbook.workflow;

import java.time.Duration;
import java.util.List;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;

/** A backup counts once it was restored and compared, which happens while its snapshot is held. */
public final class BackupWorkflowImpl implements PhaseWorkflow.Backup {

    @Override
    public PhaseReport run(PhaseRequest request) {
        PhaseReport backup = Calls.within(Duration.ofDays(7), "copies, restores and compares the tables")
                .backUp(request);
        if (backup.verdict() != Verdict.PASSED || request.reversible()) {
            return backup;
        }
        // Soon the folder will be all that is left of the old shape, so it has to be enough by itself.
        PhaseReport drill =
                Calls.within(Duration.ofDays(7), "drill from the folder alone").drill(request);
        return Reports.joined(List.of(backup, drill));
    }
}
