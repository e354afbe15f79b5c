package runbook.message;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a run can tell about itself, as the query {@code report} and the page in the Web UI show it.
 *
 * @param place where the run is: a phase, {@code hold} or {@code drop}
 * @param summary the migration's sentence about itself
 * @param evidence of the gate that waits; {@code null} when none does
 * @param kept early approvals and rejections, to be judged when their gate opens
 * @param perMille share of the copy that is done, −1 while nobody can say
 * @param until when the soak or the hold ends, or the window opens that a phase waits for; {@code null} otherwise
 * @param note what was last asked for and what came of it; empty when there is nothing
 */
public record RunReport(
        Status status,
        String namespace,
        String workflowId,
        String requestedBy,
        String summary,
        String place,
        List<StatusPhase> phases,
        @Nullable Evidence evidence,
        List<StatusApproval> approvals,
        List<String> kept,
        List<StatusRepair> repairs,
        int perMille,
        @Nullable Instant until,
        String note,
        Instant asOf) {}
