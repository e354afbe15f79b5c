package runbook.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a run stands, as the query {@code status} tells it.
 *
 * @param state {@code running}, {@code waiting}, {@code paused}, {@code parked}, {@code held}, {@code completed}, {@code rejected},
 *     {@code rolled_back} or {@code aborted}
 * @param gate the gate that waits; {@code null} when none does
 * @param waits how long people were waited for so far, at a gate, parked or paused
 * @param tuning what batches are tuned to; {@code null} when nobody tuned them
 * @param stages of the cutover, once they are known
 * @param checks the verdicts of the newest phase that had any
 * @param problems what a person must know or decide now
 * @param warnings what a person should weigh, though nothing waits for it
 * @param ignored messages that changed nothing, newest last
 * @param trial the verification record of the newest trial; {@code null} before there was one
 */
public record Status(
        String migration,
        String target,
        String phase,
        String state,
        @Nullable StatusGate gate,
        List<StatusWait> waits,
        StatusBackfill backfill,
        @Nullable StatusTuning tuning,
        List<StatusStage> stages,
        List<CheckVerdict> checks,
        List<String> problems,
        List<String> warnings,
        List<StatusIgnored> ignored,
        @Nullable TrialReport trial) {}
