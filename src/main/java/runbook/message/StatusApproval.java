package runbook.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An approval that let a gate pass.
 *
 * @param evidence the whole hash that was approved
 * @param sameIdentity whether it came with the identity that started the run, so that one person may have done both
 * @param identity what the sender's client called itself: claimed, not proved; empty from the Web UI
 */
public record StatusApproval(
        String gate,
        String evidence,
        String approver,
        String comment,
        String identity,
        @Nullable String principal,
        boolean sameIdentity,
        long event,
        Instant at) {}
