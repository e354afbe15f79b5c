package runbook.engine.selftest;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import runbook.engine.Backfills;
import runbook.engine.Copier;
import runbook.engine.Expansion;
import runbook.engine.Owners;
import runbook.engine.Plan;
import runbook.engine.Pulse;
import runbook.engine.RunbookException;
import runbook.engine.Runs;
import runbook.engine.Scripts;
import runbook.engine.Target;
import runbook.engine.Validation;
import runbook.message.Admit;
import runbook.message.CheckVerdict;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Start;
import runbook.message.StartInput;
import runbook.message.Verdict;
import runbook.spi.Backfill;
import runbook.spi.Migration;

/** A run that is brought to where its validation passes, by the entry points of its activities. */
final class Subject {

    private final Target target;
    private final Migration migration;
    private final Start start;
    private final Run run;
    private int validations;

    private Subject(Target target, Migration migration) {
        this.target = target;
        this.migration = migration;
        Scripts.install(target);
        this.start = StartInput.of(
                        Map.of("migration", migration.name(), "target", target.name(), "requestedBy", "selftest"))
                .start();
        this.run = Runs.own(
                        target,
                        new Admit(start, List.of(), migration.name(), "selftest"),
                        Plan.definition(migration),
                        Owners.nobody())
                .run();
    }

    /**
     * From the old shape to the end of the backfill.
     *
     * @throws RunbookException when the copy, or its validation, does not pass before anything is planted
     */
    static Subject ready(Target target, Migration migration, Pulse pulse) {
        Subject subject = new Subject(target, untimed(migration));
        subject.copy(pulse);
        List<CheckVerdict> against = subject.objections();
        if (!against.isEmpty()) {
            throw new RunbookException(subject.at("the validation of the sample found "
                    + against.stream().map(Subject::words).collect(Collectors.joining(", "))
                    + ", expected nothing. No corruption was planted. Cure that first: ./runbook plan "
                    + migration.name() + " prints these checks."));
        }
        return subject;
    }

    private void copy(Pulse pulse) {
        Expansion.expand(target, at(Phase.SCHEMA, 1), migration, pulse);
        PhaseRequest request = at(Phase.BACKFILL, 1);
        Backfills.open(target, request, migration);
        for (Backfill backfill : migration.backfills()) {
            new Copier(target, request, backfill, pulse).copy(0, "selftest");
        }
        PhaseReport report = Backfills.finish(target, request, migration, pulse);
        if (report.verdict() != Verdict.PASSED) {
            throw new RunbookException(at("the copy of the sample ended with: " + report.summary()
                    + ", expected that it passes. No corruption was planted. " + report.problems()));
        }
    }

    /** What the validation has against the new shape now: blocking checks that did not pass. */
    List<CheckVerdict> objections() {
        validations++;
        return Validation.validate(target, at(Phase.VALIDATION, validations), migration, Pulse.NONE).checks().stream()
                .filter(check -> check.severity().equals("blocking") && check.verdict() != Verdict.PASSED)
                .toList();
    }

    /** One check with what it found, in words. */
    static String words(CheckVerdict check) {
        return "\"" + check.name() + "\""
                + (check.verdict() == Verdict.NOT_VERIFIED
                        ? " (not verified)"
                        : check.found() > 0 ? " (" + check.found() + ")" : "");
    }

    private PhaseRequest at(Phase phase, int attempt) {
        return new PhaseRequest(run, start, phase, attempt);
    }

    private String at(String words) {
        return migration.name() + ": selftest: " + words;
    }

    /** How long queries take is no question here, and would be asked again for each corruption. */
    private static Migration untimed(Migration migration) {
        return (Migration) Proxy.newProxyInstance(
                Migration.class.getClassLoader(), new Class<?>[] {Migration.class}, (self, method, arguments) -> {
                    try {
                        return method.getName().equals("latencies") ? List.of() : method.invoke(migration, arguments);
                    } catch (InvocationTargetException e) {
                        throw Objects.requireNonNull(e.getCause());
                    }
                });
    }
}
