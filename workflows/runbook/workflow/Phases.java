package runbook.workflow;

import java.util.List;
import runbook.message.Occasion;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.Verdict;

/** Takes the run through a phase. One that fails parks the run until a person decides; it never ends it. */
final class Phases {

    private final Journal journal;
    private final Judge judge;
    private final Children children;
    private final Parking parking;
    private final Hooks hooks;
    private final Opening opening;

    Phases(Journal journal, Judge judge, Children children, Parking parking, Hooks hooks) {
        this.journal = journal;
        this.judge = judge;
        this.children = children;
        this.parking = parking;
        this.hooks = hooks;
        this.opening = new Opening(journal, judge);
    }

    void pass(Phase phase) {
        pass(phase.word(), phase);
    }

    /** The drop belongs to the clean-up, and has a child of its own. */
    void pass(String row, Phase phase) {
        boolean acceptDefinition = false;
        while (true) {
            journal.enter(row);
            do {
                letIn(phase);
            } while (parking.held(Occasion.PHASE_STARTED, row));
            PhaseReport report = children.run(row, phase, acceptDefinition);
            if (passes(report)) {
                parking.untilAgreed(() -> hooks.ended(row, report));
                if (phase != Phase.CUTOVER || journal.stages().passed()) {
                    return;
                }
                // While a hook held the run somebody had a stage switched back.
                continue;
            }
            hooks.tell(hooks.ended(row, report));
            if (phase == Phase.CLEANUP && Proof.strayed(report)) {
                parking.untilProved(report);
            } else {
                acceptDefinition = parking.park(problems(report));
            }
        }
    }

    /** A pause may outlast a window, so both are looked at until neither forbids to go on. */
    private void letIn(Phase phase) {
        do {
            judge.until(() -> !journal.paused());
        } while ((phase == Phase.CUTOVER || phase == Phase.CLEANUP) && opening.waited());
    }

    /** What could not be verified counts as failed, unless it is only advice. */
    static boolean passes(PhaseReport report) {
        boolean onlyAdvice = !report.checks().isEmpty()
                && report.problems().isEmpty()
                && report.checks().stream()
                        .allMatch(check -> check.verdict() == Verdict.PASSED
                                || check.severity().equals("advisory"));
        return report.verdict() == Verdict.PASSED || report.verdict() == Verdict.NOT_VERIFIED && onlyAdvice;
    }

    static List<String> problems(PhaseReport report) {
        if (!report.problems().isEmpty()) {
            return report.problems();
        }
        List<String> checks = report.checks().stream()
                .filter(check -> check.verdict() != Verdict.PASSED)
                .map(check -> check.name() + ": " + check.found() + " found. " + check.note())
                .toList();
        return checks.isEmpty() ? List.of(report.summary()) : checks;
    }
}
