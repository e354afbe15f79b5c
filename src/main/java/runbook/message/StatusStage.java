package runbook.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One stage of the cutover.
 *
 * @param state {@code -}, {@code switching}, {@code baking}, {@code passed} or {@code back}
 * @param until when its bake ends; {@code null} when it does not bake
 * @param heldBy who holds it, {@code runbook} where nobody can judge it; empty when nobody does
 * @param reason why it is held
 */
public record StatusStage(
        String name, String state, @Nullable Instant until, String heldBy, String reason) {

    public static StatusStage ahead(String name) {
        return new StatusStage(name, "-", null, "", "");
    }

    public StatusStage in(String other) {
        return new StatusStage(name, other, null, heldBy, reason);
    }

    public StatusStage bakingUntil(Instant end) {
        return new StatusStage(name, "baking", end, heldBy, reason);
    }

    public StatusStage heldBy(String who, String why) {
        return new StatusStage(name, state, until, who, why);
    }

    public boolean held() {
        return !heldBy.isEmpty();
    }
}
