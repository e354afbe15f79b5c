package runbook.workflow;

import java.util.List;
import runbook.message.CheckVerdict;
import runbook.message.Occasion;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.Verdict;

/** Proves again what was proved before: the newest state of the data counts, not the oldest verdict. */
final class Proof {

    private final Journal journal;
    private final Children children;
    private final Hooks hooks;
    private boolean passed = true;

    Proof(Journal journal, Children children, Hooks hooks) {
        this.journal = journal;
        this.children = children;
        this.hooks = hooks;
    }

    /** The phase that proves: the validation once there is something to validate, before that the assessment. */
    Phase phase() {
        return journal.began(Phase.VALIDATION) ? Phase.VALIDATION : Phase.ASSESSMENT;
    }

    /** A person's {@code retry}. Where flags and views were put back since, and nothing else is wrong, see the other. */
    PhaseReport renew() {
        return renew(false);
    }

    /**
     * Proves, switches the stages again and proves what came of it.
     *
     * @param switches whether to switch again in any case, so long as nothing else is wrong
     */
    PhaseReport renew(boolean switches) {
        PhaseReport report = repeat();
        boolean again = switches || strayed(report) || !journal.stages().passed();
        if (!again || !letsSwitch(report)) {
            return report;
        }
        PhaseReport switched = children.run(Phase.CUTOVER, false);
        return Phases.passes(switched) ? repeat() : switched;
    }

    /** What a proof from now on says against switching; empty when nothing does. */
    List<String> against() {
        PhaseReport report = repeat();
        return letsSwitch(report) ? List.of() : Phases.problems(report);
    }

    /** Whether somebody has put a flag or a view back. */
    static boolean strayed(PhaseReport report) {
        return report.checks().stream()
                .anyMatch(check -> check.name().equals(CheckVerdict.SWITCHES) && check.verdict() == Verdict.FAILED);
    }

    /** To switch again cures that. */
    static boolean onlyStrayed(PhaseReport report) {
        return strayed(report) && report.problems().size() == 1;
    }

    /** Whether what a proof found allows to switch: what somebody has put back is cured by that. */
    static boolean letsSwitch(PhaseReport report) {
        return Phases.passes(report) || onlyStrayed(report);
    }

    /** A verdict that is not good is shown, and stands against the next gate; it does not park. */
    PhaseReport repeat() {
        PhaseReport report = children.run(phase(), false);
        tell(report);
        journal.dealings()
                .note("Newest " + phase().word() + ": "
                        + report.verdict().word().replace('_', ' ') + ", " + report.summary()
                        + ".");
        return report;
    }

    /** In a soak there are hundreds of proofs; of those that say what the one before said nobody wants to hear. */
    private void tell(PhaseReport report) {
        if (Phases.passes(report) != passed) {
            passed = !passed;
            List<String> problems = passed ? List.of() : Phases.problems(report);
            hooks.tell(hooks.notice(Occasion.VERDICT_CHANGED, phase().word())
                    .with(report.verdict().word(), problems));
        }
    }
}
