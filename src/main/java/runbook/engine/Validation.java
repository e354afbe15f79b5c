package runbook.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import runbook.message.CheckVerdict;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.spi.Migration;

/** Proves that the new shape holds what the old one holds. */
public final class Validation {

    private Validation() {}

    public static PhaseReport validate(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        Results.begin(target, request);
        JournalEntries.settle(target, request.run(), migration, pulse);
        Proof proof = new Proof(target, request, pulse);
        List<CheckVerdict> verdicts = new ArrayList<>();
        verdicts.addAll(proof.mirrors(migration));
        verdicts.addAll(proof.journal(migration));
        verdicts.add(request.phase() == Phase.CLEANUP ? proof.cutOver(migration.cutover()) : proof.switches());
        verdicts.add(ForeignWrites.check(new Results(target, request), migration));
        verdicts.addAll(Preservation.check(new Results(target, request), migration));
        verdicts.addAll(proof.checks(migration.validation()));
        verdicts.addAll(proof.comparisons(migration.comparisons()));
        verdicts.addAll(proof.measures(migration, request));
        verdicts.addAll(Latencies.check(target, request, migration.latencies(), pulse));
        Map<String, Long> counts = new LinkedHashMap<>(Measures.of(target, request));
        PhaseReport report = Results.report(request, migration, verdicts, counts);
        return Results.end(target, request, request.reversible() ? withLoss(target, migration, report) : report);
    }

    /** What is read in the soak is read here: people ask what going back would cost them now. */
    private static PhaseReport withLoss(Target target, Migration migration, PhaseReport report) {
        String summary = report.summary() + ". " + WouldLose.sentence(target, migration);
        return new PhaseReport(report.verdict(), summary, report.checks(), report.counts(), report.problems());
    }
}
