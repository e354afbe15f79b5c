package runbook.workflow;

import io.temporal.workflow.Workflow;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import runbook.message.Admission;
import runbook.message.Attestation;
import runbook.message.Run;
import runbook.message.Start;
import runbook.message.StartInput;

/** What the run was started with, and its row in the target once it is admitted. */
final class Origin {

    private Start start = StartInput.of(null).start();
    private @Nullable Run run;
    private @Nullable Attestation starter;
    private String summary = "";

    void asked(Start input) {
        start = input;
    }

    void admitted(Run opened, Admission admission) {
        run = opened;
        starter = admission.starter();
        summary = admission.summary();
        TreeMap<String, Object> memo = new TreeMap<>();
        memo.put("target", start.target());
        memo.put("requestedBy", start.requestedBy());
        Workflow.upsertMemo(memo);
    }

    boolean begun() {
        return run != null;
    }

    Start start() {
        return start;
    }

    /** Who started the workflow, as its history tells. */
    @Nullable
    Attestation starter() {
        return starter;
    }

    /** The migration's sentence about itself. */
    String summary() {
        return summary;
    }

    /** The run's row, salted with the id of this run of the workflow: after a reset an old approval must not fit. */
    Run run() {
        Run opened = run;
        if (opened == null) {
            throw new IllegalStateException("the run was not admitted yet");
        }
        String salt = Workflow.getInfo().getRunId();
        return new Run(opened.migration(), opened.target(), opened.id(), opened.epoch(), opened.workflowId(), salt);
    }

    /** Names an act, so that it is carried out once however often its activity runs. */
    String once(Message message) {
        return once(message.word() + "/" + message.number());
    }

    /** The same for what the run does of itself. */
    String once(String act) {
        return Workflow.getInfo().getRunId() + "/" + act;
    }
}
