package runbook.workflow;

import io.temporal.failure.ChildWorkflowFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;

/**
 * Runs one attempt at a phase and keeps what it reports; a failure is a report too. The cutover has no child: its stages
 * are steered by messages, which come to the run itself.
 */
final class Children {

    /** How often a child that is still stopping is looked for. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    private final Journal journal;
    private final Judge judge;
    private final Watch watch;
    private final Readings readings;
    private final Stages stages;
    private @Nullable Child running;

    Children(Journal journal, Judge judge, Watch watch, Stages stages, Hooks hooks) {
        this.journal = journal;
        this.judge = judge;
        this.watch = watch;
        this.stages = stages;
        this.readings = new Readings(journal, hooks);
    }

    PhaseReport run(Phase phase, boolean acceptDefinition) {
        return run(phase.word(), phase, acceptDefinition);
    }

    /** A row of its own in the phase table, for work that belongs to a phase. */
    PhaseReport run(String row, Phase phase, boolean acceptDefinition) {
        int attempt = journal.begin(row);
        PhaseRequest newest = journal.request(phase);
        // The drop counts on from the clean-up that it belongs to.
        int number = row.equals(phase.word()) ? attempt : newest.attempt() + attempt;
        PhaseRequest request =
                new PhaseRequest(newest.run(), newest.start(), phase, number, acceptDefinition, newest.reversible());
        try (Readings.Looks looks = readings.during(phase)) {
            PhaseReport report = phase == Phase.CUTOVER
                    ? stages.pass(request, () -> run(Phase.VALIDATION, false))
                    : report(row, request);
            readings.last(phase);
            journal.end(row, report);
            return report;
        } catch (Leave leave) {
            journal.end(row, failed("stopped", leave.sentence()));
            throw leave;
        }
    }

    /** Has the child that copies start more slots, if it has fewer. */
    void workers(int count) {
        Child child = running;
        if (child != null && count > 0) {
            child.workers(count);
        }
    }

    /** Reads how far the copy is. */
    void look() {
        readings.last(Phase.BACKFILL);
    }

    private PhaseReport report(String row, PhaseRequest request) {
        while (true) {
            Child child = new Child(row, request.attempt());
            running = child;
            try {
                return watch.over(() -> child.run(request));
            } catch (ChildWorkflowFailure failure) {
                if (!Child.idIsTaken(failure)) {
                    return failed("failed", Failures.sentence(failure));
                }
            } finally {
                running = null;
            }
            child.stopEarlier();
            try (Alarm alarm = new Alarm(BETWEEN_LOOKS, "waits for the earlier " + row + " to stop")) {
                judge.until(alarm::rung);
            }
        }
    }

    private static PhaseReport failed(String summary, String problem) {
        return new PhaseReport(Verdict.FAILED, summary, List.of(), Map.of(), List.of(problem));
    }
}
