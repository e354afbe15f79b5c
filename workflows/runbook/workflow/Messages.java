package runbook.workflow;

import io.temporal.common.converter.RawValue;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import org.jspecify.annotations.Nullable;

/**
 * How people steer a run: each verb is a signal, and an update of the same name that answers at once. All bodies arrive
 * raw, so that a broken one reaches us instead of vanishing; no body at all arrives as {@code null}.
 */
@WorkflowInterface
public interface Messages {

    /** Answers when the input has been judged: one line, or every problem of it. */
    @UpdateMethod(name = "begin", description = "(for execute-update-with-start) Say whether the input is good.")
    String begin(@Nullable RawValue ignored);

    String APPROVE = "Let the waiting gate pass. Copy the input from User Metadata.";

    @SignalMethod(name = "approve", description = APPROVE)
    void approve(@Nullable RawValue body);

    @UpdateMethod(name = "approve", description = APPROVE)
    String approveNow(@Nullable RawValue body);

    @UpdateValidatorMethod(updateName = "approve")
    void checkApprove(@Nullable RawValue body);

    String REJECT = "Refuse at the waiting gate: the run goes back and ends. Same input as approve.";

    @SignalMethod(name = "reject", description = REJECT)
    void reject(@Nullable RawValue body);

    @UpdateMethod(name = "reject", description = REJECT)
    String rejectNow(@Nullable RawValue body);

    @UpdateValidatorMethod(updateName = "reject")
    void checkReject(@Nullable RawValue body);

    String WITHDRAW = "Take back your own approval while its gate waits for more. Same input as approve.";

    @SignalMethod(name = "withdraw", description = WITHDRAW)
    void withdraw(@Nullable RawValue body);

    @UpdateMethod(name = "withdraw", description = WITHDRAW)
    String withdrawNow(@Nullable RawValue body);

    @UpdateValidatorMethod(updateName = "withdraw")
    void checkWithdraw(@Nullable RawValue body);

    String PAUSE =
            "Stop between two batches, and before the next phase. { \"requestedBy\": \"YOU\", \"reason\": \"WHY\" }";

    @SignalMethod(name = "pause", description = PAUSE)
    void pause(@Nullable RawValue body);

    @UpdateMethod(name = "pause", description = PAUSE)
    String pauseNow(@Nullable RawValue body);

    @UpdateValidatorMethod(updateName = "pause")
    void checkPause(@Nullable RawValue body);

    String RESUME = "Go on after a pause. { \"requestedBy\": \"YOU\" }";

    @SignalMethod(name = "resume", description = RESUME)
    void resume(@Nullable RawValue body);

    @UpdateMethod(name = "resume", description = RESUME)
    String resumeNow(@Nullable RawValue body);

    @UpdateValidatorMethod(updateName = "resume")
    void checkResume(@Nullable RawValue body);

    String ABORT = "Stop now, bring the old shape back and end. { \"requestedBy\": \"YOU\", \"reason\": \"WHY\" }";

    @SignalMethod(name = "abort", description = ABORT)
    void abort(@Nullable RawValue body);

    @UpdateMethod(name = "abort", description = ABORT)
    String abortNow(@Nullable RawValue body);

    @UpdateValidatorMethod(updateName = "abort")
    void checkAbort(@Nullable RawValue body);

    String ROLLBACK =
            "Bring the old shape back, later writes included, and end; with \"stage\", only switch that stage back. "
                    + "{ \"requestedBy\": \"YOU\", \"reason\": \"WHY\" }";

    @SignalMethod(name = "rollback", description = ROLLBACK)
    void rollback(@Nullable RawValue body);

    @UpdateMethod(name = "rollback", description = ROLLBACK)
    String rollbackNow(@Nullable RawValue body);

    @UpdateValidatorMethod(updateName = "rollback")
    void checkRollback(@Nullable RawValue body);

    String RETRY = "Try the parked phase again. { \"requestedBy\": \"YOU\" }";

    @SignalMethod(name = "retry", description = RETRY)
    void retry(@Nullable RawValue body);

    @UpdateMethod(name = "retry", description = RETRY)
    String retryNow(@Nullable RawValue body);

    @UpdateValidatorMethod(updateName = "retry")
    void checkRetry(@Nullable RawValue body);

    String REPAIR = "Cure what a check reported. { \"check\": \"NAME\", \"repair\": \"NAME\", \"dryRun\": true,"
            + " \"requestedBy\": \"YOU\" }";

    @SignalMethod(name = "repair", description = REPAIR)
    void repair(@Nullable RawValue body);

    @UpdateMethod(name = "repair", description = REPAIR)
    String repairNow(@Nullable RawValue body);

    @UpdateValidatorMethod(updateName = "repair")
    void checkRepair(@Nullable RawValue body);

    String TRIAL = "Bring one unit over alone, before the backfill. { \"key\": \"KEY\", \"requestedBy\": \"YOU\" }";

    @SignalMethod(name = "trial", description = TRIAL)
    void trial(@Nullable RawValue body);

    /** Answers with the verification record, or with a sentence when the trial is to come. */
    @UpdateMethod(name = "trial", description = TRIAL)
    Object trialNow(@Nullable RawValue body);

    @UpdateValidatorMethod(updateName = "trial")
    void checkTrial(@Nullable RawValue body);

    String TUNE = "Set how batches run: { \"batchMillis\": 50, \"workers\": 1, \"ratio\": 2, \"for\": \"PT1H\", "
            + "\"requestedBy\": \"YOU\" }";

    @SignalMethod(name = "tune", description = TUNE)
    void tune(@Nullable RawValue body);

    @UpdateMethod(name = "tune", description = TUNE)
    String tuneNow(@Nullable RawValue body);

    @UpdateValidatorMethod(updateName = "tune")
    void checkTune(@Nullable RawValue body);

    String REQUEUE = "Try the rows in quarantine again, after their repair. { \"requestedBy\": \"YOU\" }";

    @SignalMethod(name = "requeue", description = REQUEUE)
    void requeue(@Nullable RawValue body);

    @UpdateMethod(name = "requeue", description = REQUEUE)
    String requeueNow(@Nullable RawValue body);

    @UpdateValidatorMethod(updateName = "requeue")
    void checkRequeue(@Nullable RawValue body);

    String ADVANCE = "Go on with a stage of the cutover: lift its hold, or end its bake now. { \"stage\": \"STAGE\","
            + " \"requestedBy\": \"YOU\" }";

    @SignalMethod(name = "advance", description = ADVANCE)
    void advance(@Nullable RawValue body);

    @UpdateMethod(name = "advance", description = ADVANCE)
    String advanceNow(@Nullable RawValue body);

    @UpdateValidatorMethod(updateName = "advance")
    void checkAdvance(@Nullable RawValue body);

    String HOLD = "Stop before a stage of the cutover, or keep its bake from ending. { \"stage\": \"STAGE\","
            + " \"requestedBy\": \"YOU\" }";

    @SignalMethod(name = "hold", description = HOLD)
    void hold(@Nullable RawValue body);

    @UpdateMethod(name = "hold", description = HOLD)
    String holdNow(@Nullable RawValue body);

    @UpdateValidatorMethod(updateName = "hold")
    void checkHold(@Nullable RawValue body);
}
