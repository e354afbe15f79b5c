package runbook.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An approval that is counted.
 *
 * @param evidence what was approved, as the gate showed it
 * @param sender who sent it
 * @param starter who started the run; {@code null} where nobody knows
 * @param person who counts as its giver
 * @param until when it expires; {@code null} for never
 */
public record Approval(
        Run run,
        Evidence evidence,
        String approver,
        String comment,
        Attestation sender,
        @Nullable Attestation starter,
        String person,
        @Nullable Instant until) {

    /** Whether one identity started the run and approved; an empty one proves nothing. */
    public boolean sameIdentity() {
        return starter != null
                && (!sender.identity().isBlank() && Names.same(sender.identity(), starter.identity())
                        || sender.principal() != null && sender.principal().equals(starter.principal()));
    }
}
