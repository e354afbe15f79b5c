package runbook.workflow;

import runbook.message.Phase;
import runbook.message.PhaseReport;

/** Proves again what was proved before: the newest state of the data counts, not the oldest verdict. */
final class Proof {

    private final Journal journal;
    private final Children children;

    Proof(Journal journal, Children children) {
        this.journal = journal;
        this.children = children;
    }

    /** The phase that proves: the validation once there is something to validate, before that the assessment. */
    Phase phase() {
        return journal.began(Phase.VALIDATION) ? Phase.VALIDATION : Phase.ASSESSMENT;
    }

    /** A verdict that is not good is shown, and stands against the next gate; it does not park. */
    PhaseReport repeat() {
        PhaseReport report = children.run(phase(), false);
        journal.dealings()
                .note("Newest " + phase().word() + ": "
                        + report.verdict()
                                .name()
                                .toLowerCase(java.util.Locale.ROOT)
                                .replace('_', ' ') + ", " + report.summary()
                        + ".");
        return report;
    }
}
