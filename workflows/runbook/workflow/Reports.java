package runbook.workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import runbook.message.CheckVerdict;
import runbook.message.PhaseReport;
import runbook.message.Verdict;

/** Makes one report of several: the worst verdict, all checks and problems, counts added up. */
final class Reports {

    private Reports() {}

    static PhaseReport joined(List<PhaseReport> reports) {
        Verdict verdict = Verdict.PASSED;
        List<String> summaries = new ArrayList<>();
        List<CheckVerdict> checks = new ArrayList<>();
        Map<String, Long> counts = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (PhaseReport report : reports) {
            verdict = worse(verdict, report.verdict());
            if (!report.summary().isBlank() && !summaries.contains(report.summary())) {
                summaries.add(report.summary());
            }
            checks.addAll(report.checks());
            report.counts().forEach((name, count) -> counts.merge(name, count, Long::sum));
            problems.addAll(report.problems());
        }
        return new PhaseReport(verdict, String.join(", ", summaries), checks, counts, problems);
    }

    private static Verdict worse(Verdict one, Verdict other) {
        if (one == Verdict.FAILED || other == Verdict.FAILED) {
            return Verdict.FAILED;
        }
        return one == Verdict.PASSED ? other : one;
    }
}
