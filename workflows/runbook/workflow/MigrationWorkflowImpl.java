package runbook.workflow;

import static runbook.message.Outcome.COMPLETED;
import static runbook.message.Phase.ASSESSMENT;
import static runbook.message.Phase.BACKFILL;
import static runbook.message.Phase.BACKUP;
import static runbook.message.Phase.CLEANUP;
import static runbook.message.Phase.CUTOVER;
import static runbook.message.Phase.ROLLBACK;
import static runbook.message.Phase.SCHEMA;
import static runbook.message.Phase.VALIDATION;

import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import org.jspecify.annotations.Nullable;
import runbook.message.Occasion;
import runbook.message.Outcome;
import runbook.message.RunReport;
import runbook.message.Status;

/** The runbook. What a word on this page means is in the class of that name. */
public final class MigrationWorkflowImpl implements MigrationWorkflow {

    private static final String TOO_LATE = "Too late: the run has ended.";

    private final Inbox inbox = Inbox.open();
    private final Journal journal = new Journal();
    private final Judge judge = new Judge(inbox, journal);
    private final Hooks hooks = new Hooks(journal, judge);
    private final Watch watch = new Watch(journal, judge);
    private final Reminders reminders = new Reminders(journal, judge, hooks);
    private final Errands errands = new Errands(judge, reminders);
    private final Steering steering = new Steering(journal, judge, watch, errands, reminders);
    private final Stages stages = new Stages(journal, judge, watch, steering);
    private final Children children = new Children(journal, judge, watch, stages, hooks);
    private final Proof proof = new Proof(journal, children, hooks);
    private final Parking parking = new Parking(journal, judge, errands, proof, hooks);
    private final Phases phases = new Phases(journal, judge, children, parking, hooks);
    private final Gates gates = new Gates(journal, judge, errands, proof, parking, hooks);
    private final Trials trials = new Trials(journal, judge, watch, errands, parking);
    private final Periods periods;
    private final Ending ending = new Ending(journal, parking);
    private final Entry entry = new Entry(journal, inbox, phases, ending);

    public MigrationWorkflowImpl() {
        this(Periods.EVENTS);
    }

    /** @param events how long the history may become in the soak */
    MigrationWorkflowImpl(int events) {
        periods = new Periods(journal, errands, proof, parking, hooks, events);
        new Pausing(journal, judge, reminders);
        new Tunings(inbox, journal, judge, children);
        new Requeues(journal, judge, watch, errands, children, parking);
        new Repairs(journal, judge, watch, errands, proof, parking);
    }

    @Override
    public Outcome run(@Nullable RawValue input) {
        CancellationScope root = CancellationScope.current();
        new WayBack(journal, judge, steering).watch(judge, root);
        Outcome outcome;
        try {
            outcome = Detached.call(() -> conduct(input));
        } catch (ApplicationFailure refused) {
            answerTheRest();
            throw refused;
        }
        journal.finish(outcome);
        judge.close(TOO_LATE);
        hooks.end(outcome);
        answerTheRest();
        if (root.isCancelRequested()) {
            throw new CanceledFailure("cancelled; the run ended as " + outcome.word());
        }
        return outcome;
    }

    private Outcome conduct(@Nullable RawValue input) {
        String resume = entry.admit(input);
        try {
            if (resume.equals("nothing")) {
                migrate();
            }
            if (!resume.equals("dropped")) {
                retireOld();
                dropOld();
            }
            ending.close(COMPLETED);
            return COMPLETED;
        } catch (Leave leave) {
            errands.close("Too late: " + leave.sentence());
            steering.dismiss("Too late: " + leave.sentence());
            ending.audit(leave);
            if (leave.takesBack()) {
                phases.pass(ROLLBACK);
                hooks.tell(Occasion.ROLLED_BACK, "");
            }
            ending.close(leave.outcome());
            return leave.outcome();
        }
    }

    private void migrate() {
        phases.pass(ASSESSMENT);
        gates.pass("backup");
        phases.pass(BACKUP);
        gates.pass("schema");
        phases.pass(SCHEMA);
        trials.pass();
        gates.pass("backfill");
        trials.pass();
        phases.pass(BACKFILL);
        gates.pass("validation");
        phases.pass(VALIDATION);
        gates.pass("cutover");
        phases.pass(CUTOVER);
        periods.soak();
        gates.pass("cleanup");
    }

    /** Also where the run before has retired: what comes after that may not have been done. */
    private void retireOld() {
        journal.approveCleanup();
        phases.pass(CLEANUP);
    }

    private void dropOld() {
        journal.retired();
        if (journal.origin().start().drop()) {
            gates.passedBefore("drop");
            periods.hold();
            gates.pass("drop");
            phases.pass(BACKUP);
            phases.pass("drop", CLEANUP);
        }
    }

    private void answerTheRest() {
        judge.close(TOO_LATE);
        steering.dismiss(TOO_LATE);
        Detached.run(() -> Workflow.await(Workflow::isEveryHandlerFinished));
    }

    @Override
    public Status status() {
        return journal.status();
    }

    @Override
    public RunReport report() {
        return journal.report();
    }
}
