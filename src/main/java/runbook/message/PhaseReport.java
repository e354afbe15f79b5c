package runbook.message;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a phase ended.
 *
 * @param summary a few words for the phase table: "1.2 GB, drill equal"
 * @param counts numbers by name, in the order in which they are shown
 * @param problems what a person must know or decide, each a whole message; empty when it passed
 */
public record PhaseReport(
        Verdict verdict, String summary, List<CheckVerdict> checks, Map<String, Long> counts, List<String> problems) {

    public static PhaseReport passed(String summary) {
        return new PhaseReport(Verdict.PASSED, summary, List.of(), Map.of(), List.of());
    }

    /** The same with more at the end of its summary, and more counts. */
    public PhaseReport adding(String words, Map<String, Long> more) {
        Map<String, Long> all = new LinkedHashMap<>(counts);
        all.putAll(more);
        return new PhaseReport(verdict, summary + words, checks, all, problems);
    }
}
