package runbook.workflow;

import io.temporal.common.converter.RawValue;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import runbook.message.Admission;
import runbook.message.Admit;
import runbook.message.Outcome;
import runbook.message.Phase;
import runbook.message.Run;
import runbook.message.Start;
import runbook.message.StartInput;

/** Judges the input as a whole, so that one message lists every problem, and finds out where an earlier run stopped. */
final class Entry {

    private final Journal journal;
    private final Inbox inbox;
    private final Phases phases;
    private final Ending ending;

    Entry(Journal journal, Inbox inbox, Phases phases, Ending ending) {
        this.journal = journal;
        this.inbox = inbox;
        this.phases = phases;
        this.ending = ending;
    }

    /** What the run has to take up: {@code nothing}, {@code retired} or {@code dropped}. */
    String admit(@Nullable RawValue input) {
        StartInput read = Json.input(input);
        journal.origin().asked(read.start());
        Admission admission = ask(read);
        while (admission.resume().equals("rolling_back")) {
            finishRollback(admission);
            admission = ask(read);
        }
        admitted(admission);
        return admission.resume();
    }

    private Admission ask(StartInput read) {
        Admission admission;
        try {
            admission = Calls.run("admits the run")
                    .admit(new Admit(
                            read.start(),
                            read.problems(),
                            Workflow.getInfo().getWorkflowId(),
                            Workflow.getInfo().getRunId()));
        } catch (ActivityFailure failure) {
            List<String> problems = new ArrayList<>(read.problems());
            problems.add(Failures.sentence(failure));
            throw refused(problems);
        }
        if (!admission.problems().isEmpty()) {
            throw refused(admission.problems());
        }
        return admission;
    }

    private void finishRollback(Admission admission) {
        admitted(admission);
        journal.leave(new Leave(
                "rollback", Outcome.ROLLED_BACK, "the run before this one", "it was going back when it ended"));
        phases.pass(Phase.ROLLBACK);
        ending.close(Outcome.ROLLED_BACK);
        journal.startAfresh();
    }

    private void admitted(Admission admission) {
        Run run = admission.run();
        if (run == null) {
            throw refused(List.of("The run was admitted without a row. Look at the worker's log."));
        }
        journal.admitted(run, admission);
        inbox.answerBegin("ok: " + run.migration() + " on " + run.target() + " has begun, epoch " + run.epoch() + ".");
    }

    private ApplicationFailure refused(List<String> problems) {
        Start start = journal.origin().start();
        journal.refused(problems);
        WorkflowInfo info = Workflow.getInfo();
        String again = new Commands(info.getNamespace(), info.getWorkflowId()).start(info.getTaskQueue());
        String message = problems.size() + (problems.size() == 1 ? " problem" : " problems") + " in the input"
                + (start.migration().isEmpty() ? "" : " of " + start.migration()) + ":\n- "
                + String.join("\n- ", problems)
                + "\nNothing was started. Correct the file, then: " + again;
        inbox.refuseBegin(message);
        return Refused.quiet(message, "InvalidInput");
    }
}
