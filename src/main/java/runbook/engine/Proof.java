package runbook.engine;

import static org.jooq.impl.DSL.count;
import static runbook.generated.engine.Tables.SWITCHED;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.Result;
import org.jooq.Select;
import org.jooq.impl.DSL;
import runbook.engine.Results.Found;
import runbook.engine.Results.Look;
import runbook.message.CheckVerdict;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;
import runbook.spi.Check;
import runbook.spi.Comparison;
import runbook.spi.Key;
import runbook.spi.Measure;
import runbook.spi.Migration;
import runbook.spi.Mirror;
import runbook.spi.Severity;
import runbook.spi.Stage;

/**
 * Looks for counter-examples. Old and new sit in one database, so one statement sees both at one snapshot: a difference
 * seen there is real.
 */
public final class Proof {

    private final Target target;
    private final Results results;
    private final Comparisons comparisons;
    private final Pulse pulse;

    public Proof(Target target, PhaseRequest request, Pulse pulse) {
        this.target = target;
        this.results = new Results(target, request);
        this.comparisons = new Comparisons(target, request, pulse);
        this.pulse = pulse;
    }

    /** Each check at a snapshot of its own. */
    public List<CheckVerdict> checks(List<Check> checks) {
        List<CheckVerdict> verdicts = new ArrayList<>();
        for (Check check : checks) {
            pulse.beat(Map.of("check", check.claim()));
            verdicts.add(
                    results.run(check.claim(), check.severity(), tx -> look(tx, check.key(), check.counterExamples())));
        }
        return verdicts;
    }

    /** Each comparison, chunk by chunk. */
    public List<CheckVerdict> comparisons(List<Comparison> all) {
        return all.stream()
                .map(one -> results.run(one.claim(), Severity.BLOCKING, () -> comparisons.look(one)))
                .toList();
    }

    /** Whether every mirror is there and fires. */
    public List<CheckVerdict> mirrors(Migration migration) {
        return List.of(results.run("every mirror is in place and fires", Severity.BLOCKING, tx -> {
            List<String> silent = migration.mirrors().stream()
                    .filter(mirror -> !Triggers.fires(tx, mirror))
                    .map(mirror -> mirror.trigger() + " on " + Sql.shown(mirror.on()) + cure(tx, mirror))
                    .toList();
            return silent.isEmpty()
                    ? new Look(Verdict.PASSED, migration.mirrors().size() + " mirrors", null)
                    : new Look(Verdict.FAILED, "missing or disabled: " + String.join(", ", silent), null);
        }));
    }

    /** Whether somebody, such as {@code runbook.stop}, has put a flag or a view back since the run switched it. */
    public CheckVerdict switches() {
        return switches(tx -> Strays.found(tx, results.of()));
    }

    /** The same for those of some stages. */
    CheckVerdict switches(List<String> stages) {
        return switches(tx -> Strays.found(tx, results.of(), SWITCHED.STAGE.in(stages)));
    }

    /** Whether all stages of the cutover stand, as they must before the old shape goes. */
    CheckVerdict cutOver(List<Stage> stages) {
        return switches(tx -> Strays.missing(tx, results.of(), stages));
    }

    private CheckVerdict switches(Function<DSLContext, List<String>> look) {
        return results.run(CheckVerdict.SWITCHES, Severity.BLOCKING, tx -> {
            List<String> strayed = look.apply(tx);
            return strayed.isEmpty()
                    ? new Look(Verdict.PASSED, "", null)
                    : new Look(Verdict.FAILED, Strays.words(tx, strayed), null);
        });
    }

    /** Whether every write reached the new shape: those that a mirror could not carry over are in the journal. */
    public List<CheckVerdict> journal(Migration migration) {
        return List.of(results.run("no write waits in the journal", Severity.BLOCKING, tx -> {
            int open = JournalEntries.open(tx, migration);
            return open == 0
                    ? new Look(Verdict.PASSED, "", null)
                    : new Look(
                            Verdict.NOT_VERIFIED,
                            open + " writes wait to be copied again" + Switches.endFirst(tx),
                            null);
        }));
    }

    /** All measures at one snapshot, kept, and what must hold between them. */
    public List<CheckVerdict> measures(Migration migration, PhaseRequest request) {
        if (migration.measures().isEmpty()) {
            return List.of();
        }
        Map<String, Number> values = take(
                request,
                migration.measures().stream()
                        .collect(Collectors.toMap(Measure::name, Measure::value, (a, b) -> a, LinkedHashMap::new)));
        List<CheckVerdict> verdicts = new ArrayList<>();
        for (Measure measure : migration.measures()) {
            if (measure.expect() instanceof Measure.EqualTo other) {
                Number found = values.get(measure.name());
                Number expected = values.get(other.measure());
                boolean equal = String.valueOf(found).equals(String.valueOf(expected));
                verdicts.add(results.run(
                        measure.name() + " = " + other.measure(),
                        Severity.BLOCKING,
                        tx -> new Look(equal ? Verdict.PASSED : Verdict.FAILED, found + " against " + expected, null)));
            }
        }
        return verdicts;
    }

    /** The measures before anything is changed: from the old shape alone where the new one is not there. */
    public Map<String, Number> before(Migration migration, PhaseRequest request) {
        boolean there = migration.created().stream().allMatch(table -> Volumes.present(target, table));
        Map<String, Select<? extends Record1<? extends Number>>> queries = new LinkedHashMap<>();
        for (Measure measure : migration.measures()) {
            if (there) {
                queries.put(measure.name(), measure.value());
            } else {
                measure.before().ifPresent(query -> queries.put(measure.name(), query));
            }
        }
        return take(request, queries);
    }

    private Map<String, Number> take(
            PhaseRequest request, Map<String, Select<? extends Record1<? extends Number>>> queries) {
        Map<String, Number> values = target.atOneSnapshot(tx -> {
            Map<String, Number> taken = new LinkedHashMap<>();
            queries.forEach((name, query) ->
                    taken.put(name, (Number) tx.fetchSingle(query).get(0)));
            return taken;
        });
        Measures.keep(target, request, values);
        return values;
    }

    private static Look look(DSLContext tx, Key key, Select<?> counterExamples) {
        long found = tx.select(count())
                .from(counterExamples.asTable("found"))
                .fetchSingle()
                .value1();
        Result<? extends Record> examples = tx.selectFrom(counterExamples.asTable("found"))
                .limit(Results.KEPT)
                .fetch();
        return new Look(found == 0 ? Verdict.PASSED : Verdict.FAILED, "", new Found(found, key, examples));
    }

    /** What makes a mirror fire again; one that is gone has no such command. */
    private static String cure(DSLContext tx, Mirror mirror) {
        return Triggers.mode(tx, mirror) == null
                ? ", which is gone"
                : " ("
                        + tx.render(DSL.query(
                                "alter table {0} enable trigger {1}", mirror.on(), DSL.name(mirror.trigger())))
                        + ")";
    }
}
