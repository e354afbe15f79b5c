package runbook.workflow;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import runbook.message.CheckVerdict;
import runbook.message.PhaseReport;
import runbook.message.StatusPhase;

/** A line for each phase, in the order in which they run; roll-back and drop have one once they begin. */
final class PhaseTable {

    private final Map<String, StatusPhase> lines = new LinkedHashMap<>();
    private List<CheckVerdict> checks = List.of();

    PhaseTable() {
        for (String phase :
                List.of("assessment", "backup", "schema", "backfill", "validation", "cutover", "soak", "cleanup")) {
            lines.put(phase, StatusPhase.ahead(phase));
        }
    }

    StatusPhase line(String phase) {
        return lines.getOrDefault(phase, StatusPhase.ahead(phase));
    }

    /** Begins the next attempt and tells its number; whatever ran ends where the way back begins. */
    int begin(String phase, Instant now) {
        if (phase.equals("rollback")) {
            lines.replaceAll((name, line) -> line.state().equals("running") ? line.stopped(now) : line);
        }
        int attempt = line(phase).attempt() + 1;
        lines.put(phase, line(phase).running(attempt, now));
        return attempt;
    }

    void end(String phase, PhaseReport report, Instant now) {
        lines.put(phase, line(phase).ended(report.verdict().word(), report, now));
        if (!report.checks().isEmpty()) {
            checks = report.checks();
        }
    }

    /** The verdicts of the newest phase that had any. */
    List<CheckVerdict> checks() {
        return checks;
    }

    /** All lines; the one where the run stands still says so. */
    List<StatusPhase> lines(String place, String state) {
        List<StatusPhase> shown = new ArrayList<>();
        for (StatusPhase line : lines.values()) {
            shown.add(line.phase().equals(place) && !state.isEmpty() ? line.in(state) : line);
        }
        return shown;
    }
}
