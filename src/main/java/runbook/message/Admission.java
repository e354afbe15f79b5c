package runbook.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a run may begin.
 *
 * @param problems every reason against it; empty when it may
 * @param run the run's row, opened or adopted; {@code null} when there are problems
 * @param resume what an adopted run was in the middle of: {@code nothing}, {@code rolling_back}, {@code retired} or
 *     {@code dropped}
 * @param summary the migration's sentence about itself
 * @param starter who started the workflow; {@code null} when there are problems
 */
public record Admission(
        List<String> problems,
        @Nullable Run run,
        String resume,
        String summary,
        @Nullable Attestation starter) {

    /** The run may not begin. */
    public static Admission refused(List<String> problems) {
        return new Admission(problems, null, "nothing", "", null);
    }
}
