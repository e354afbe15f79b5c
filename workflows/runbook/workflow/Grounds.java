package runbook.workflow;

import java.time.Instant;
import java.util.List;
import runbook.message.CheckVerdict;
import runbook.message.Evidence;
import runbook.message.RunReport;
import runbook.message.Status;
import runbook.message.StatusApproval;
import runbook.message.StatusGate;
import runbook.message.Validity;
import runbook.message.Verdict;

/** What a run rests on: what was proved, and who has approved what on which numbers. */
final class Grounds {

    private final RunReport report;
    private final Status status;
    private final String open;
    private final boolean waiting;

    Grounds(RunReport report) {
        this.report = report;
        this.status = report.status();
        Evidence evidence = report.evidence();
        this.open = evidence == null ? "" : evidence.gate();
        this.waiting = evidence != null && status.state().equals("waiting");
    }

    /** Those of the gate that is open, in a pause too, and what each is worth. */
    List<String> approvals() {
        return report.approvals().stream()
                .filter(approval -> approval.gate().equals(open))
                .map(approval -> given(approval) + ": " + approval.validity().word() + until(approval))
                .toList();
    }

    /** Once somebody has approved; before that the policy says it all. */
    List<String> missing() {
        StatusGate gate = status.gate();
        return gate == null || gate.approvals().isEmpty() ? List.of() : gate.missing();
    }

    /** By whom each gate was passed that lies behind, and on which numbers. */
    List<String> approvedBefore() {
        return report.approvals().stream()
                .filter(approval -> approval.validity() == Validity.COUNTS)
                .filter(approval -> !approval.gate().equals(open))
                .map(approval -> approval.gate() + ": " + given(approval) + ", on "
                        + Details.shortened(approval.evidence()) + ": " + approval.headline())
                .toList();
    }

    /** What the newest checks have found to be so, where that is what people decide on or wait for. */
    List<String> proved() {
        return !waiting && !report.place().equals("soak")
                ? List.of()
                : status.checks().stream()
                        .filter(check -> check.verdict() == Verdict.PASSED)
                        .map(CheckVerdict::name)
                        .toList();
    }

    private static String given(StatusApproval approval) {
        return approval.person() + ", " + Details.TIME.format(approval.at());
    }

    private static String until(StatusApproval approval) {
        Instant until = approval.until();
        return approval.validity() != Validity.COUNTS || until == null ? "" : " until " + Details.TIME.format(until);
    }
}
