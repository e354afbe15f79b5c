package runbook.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import runbook.engine.Results.Look;
import runbook.message.CheckVerdict;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Comparison;
import runbook.spi.Loss;
import runbook.spi.Migration;
import runbook.spi.Severity;

/**
 * What is proved of an old shape that was brought back: by the catalogue, that its objects are as before; by the comparisons,
 * in how many keys the new shape tells another story. Each verdict is kept, and what could not be looked at is not verified.
 */
final class BroughtBack {

    private final Target target;
    private final PhaseRequest request;
    private final Migration migration;
    private final Results results;
    private final Comparisons comparisons;

    BroughtBack(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        this.target = target;
        this.request = request;
        this.migration = migration;
        this.results = new Results(target, request);
        this.comparisons = new Comparisons(target, request, pulse);
    }

    /** What the new shape alone holds; where its tables are put aside already, what was found before that. */
    List<CheckVerdict> sinceTheRetirement() {
        Results.begin(target, request);
        boolean there = migration.created().stream().allMatch(table -> Volumes.present(target, table));
        if (!there) {
            return results.kept();
        }
        List<CheckVerdict> verdicts = new ArrayList<>();
        for (Comparison comparison : migration.comparisons()) {
            Comparison since = new Comparison(
                    SinceRetirement.claim(comparison),
                    comparison.key(),
                    comparison.before(),
                    comparison.after(),
                    List.of());
            verdicts.add(results.run(since.claim(), Severity.ADVISORY, () -> comparisons.look(since)));
        }
        for (Loss loss : migration.losses()) {
            verdicts.add(results.run(loss.claim(), Severity.ADVISORY, tx -> {
                long rows = tx.fetchCount(loss.rows());
                return new Look(rows == 0 ? Verdict.PASSED : Verdict.FAILED, "", rows, null);
            }));
        }
        return verdicts;
    }

    /**
     * What was proved, what was not, and what to do about that.
     *
     * @param retired the run that took the shape away
     */
    PhaseReport report(Run retired, List<CheckVerdict> since) {
        Fingerprints.Differences differences =
                Fingerprints.differences(target.dsl(), retired, request.run(), migration);
        List<String> problems = new ArrayList<>();
        if (!differences.ours().isEmpty()) {
            problems.add(where() + WayBack.named(differences.ours()) + ". Drop or mend them before a new run starts.");
        } else if (!differences.known()) {
            problems.add(where() + "whether its objects are as before is not verified: run " + retired.id()
                    + " did not note them. Look at them yourself.");
        }
        Stream<String> unseen = since.isEmpty()
                ? Stream.of("what was written since the retirement, since the migration compares nothing")
                : since.stream()
                        .filter(check -> check.verdict() == Verdict.NOT_VERIFIED)
                        .map(check -> "\"" + check.name() + "\": " + check.note());
        unseen.forEach(what -> problems.add(where() + "not verified: " + what
                + ". The new tables are in runbook_archive, named after run "
                + request.run().id() + ": compare them there."));
        Verdict verdict = problems.isEmpty()
                ? Verdict.PASSED
                : differences.ours().isEmpty() ? Verdict.NOT_VERIFIED : Verdict.FAILED;
        return Results.end(
                target, request, new PhaseReport(verdict, summary(differences, since), since, Map.of(), problems));
    }

    private String where() {
        return migration.name() + ": unarchive on target '" + target.name() + "': the old shape is in use again; ";
    }

    private static String summary(Fingerprints.Differences differences, List<CheckVerdict> since) {
        String objects = !differences.ours().isEmpty()
                ? differences.ours().size() + " objects not as before"
                : differences.known() ? "its objects proved to be as before" : "its objects not verified";
        String rows = since.stream()
                .map(check -> check.name() + ": "
                        + (check.verdict() == Verdict.NOT_VERIFIED
                                ? "not verified"
                                : String.format(Locale.ROOT, "%,d", check.found())))
                .collect(Collectors.joining("; "));
        return "the old shape as it was retired, " + objects + WayBack.others(differences)
                + (rows.isEmpty() ? "" : "; in runbook_archive alone: " + rows);
    }
}
