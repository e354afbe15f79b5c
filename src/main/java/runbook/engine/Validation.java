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
        return Results.end(target, request, Results.report(request, migration, verdicts, counts));
    }
}
