package runbook.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An approval that was given.
 *
 * @param evidence the whole hash that was approved
 * @param headline what was shown with it in one sentence: "8 checks passed, 0 failed, 1 not verified."
 * @param person who counts as its giver: the name, the identity or the principal, as the policy of the gate says
 * @param sameIdentity whether it came with the identity that started the run, so that one person may have done both
 * @param identity what the sender's client called itself: claimed, not proved; empty from the Web UI
 * @param until when it expires; {@code null} for never
 * @param validity what it is worth, or was worth when its gate was passed
 */
public record StatusApproval(
        String gate,
        String evidence,
        String headline,
        String approver,
        String comment,
        String person,
        String identity,
        @Nullable String principal,
        boolean sameIdentity,
        long event,
        Instant at,
        @Nullable Instant until,
        Validity validity) {

    /** Worth as much as it is on other evidence, or at another time; what was taken back stays so. */
    public StatusApproval judged(String hash, Instant now) {
        if (validity == Validity.WITHDRAWN) {
            return this;
        }
        if (until != null && !until.isAfter(now)) {
            return as(Validity.EXPIRED);
        }
        return as(evidence.equals(hash) ? Validity.COUNTS : Validity.OUTDATED);
    }

    public StatusApproval as(Validity other) {
        return new StatusApproval(
                gate,
                evidence,
                headline,
                approver,
                comment,
                person,
                identity,
                principal,
                sameIdentity,
                event,
                at,
                until,
                other);
    }
}
