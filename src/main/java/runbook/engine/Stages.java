package runbook.engine;

import static org.jooq.impl.DSL.field;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import runbook.message.Act;
import runbook.message.CheckVerdict;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Migration;
import runbook.spi.Stage;

/** The switch to the new shape, stage by stage, and back. A flip is one short transaction, and can be repeated. */
public final class Stages {

    /** Statements that began before a flip may still use what it took away; so long we wait for them. */
    private static final Duration STRAGGLERS = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Stages.class);

    private Stages() {}

    /**
     * Flips the switches of one stage, unless a mirror is dead or a write waits in the journal, since then whoever reads
     * the new shape would read old values; or a guard does not hold. Until the flip nothing is changed.
     */
    public static PhaseReport flip(Target target, PhaseRequest request, Migration migration, Stage stage, Pulse pulse) {
        Results.begin(target, request);
        if (Strays.stand(target.dsl(), request.run(), migration.cutover(), stage)) {
            unlessLocked(() -> ForeignWrites.end(target, request.run(), migration, pulse));
            return PhaseReport.passed(stage.name() + ": switches on");
        }
        JournalEntries.settle(target, request.run(), migration, pulse);
        Proof proof = new Proof(target, request, pulse);
        List<CheckVerdict> verdicts = new ArrayList<>(proof.mirrors(migration));
        verdicts.addAll(proof.journal(migration));
        verdicts.addAll(new Guards(target, request).verdicts(pulse));
        PhaseReport before = Results.report(request, migration, verdicts, Map.of());
        if (before.verdict() != Verdict.PASSED) {
            return Results.end(target, request, before);
        }
        Run run = request.run();
        Tries.forLocks(
                target,
                run,
                "stage '" + stage.name() + "'",
                pulse,
                tries -> target.inTransaction(tx -> {
                    Runs.fence(tx, run);
                    Sequences.setPast(tx, migration.created());
                    Switches.flip(tx, run, stage);
                    ForeignWrites.over(tx, run);
                    Readings.begin(tx, run, stage);
                    Retirements.refuseSilent(
                            tx, run.migration() + ": stage '" + stage.name() + "': not switched. ", migration);
                    Runs.write(tx, anew(run, "flip", stage.name()));
                    return stage;
                }));
        unlessLocked(() -> ForeignWrites.end(target, run, migration, pulse));
        return PhaseReport.passed(stage.name() + ": " + stage.switches().size() + " switches on");
    }

    /** Checks one stage: its own checks, and that the mirrors are alive; after the last one, what the application notices. */
    public static PhaseReport check(
            Target target, PhaseRequest request, Migration migration, Stage stage, Pulse pulse) {
        Results.begin(target, request);
        Proof proof = new Proof(target, request, pulse);
        List<CheckVerdict> verdicts = new ArrayList<>(proof.mirrors(migration));
        verdicts.add(proof.switches(upTo(stage, migration)));
        verdicts.addAll(proof.checks(stage.checks()));
        PhaseReport report = Results.report(request, migration, verdicts, Map.of());
        boolean last = stage.equals(migration.cutover().get(migration.cutover().size() - 1));
        if (last) {
            Impact impact = new Impact(target, request, migration);
            impact.once(Moment.AFTER, pulse);
            report = impact.told(report, Moment.AFTER);
        }
        return Results.end(target, request, report);
    }

    /** Where stages are switched again after a stop, those after this one are still as the stop left them. */
    private static List<String> upTo(Stage stage, Migration migration) {
        List<String> names = migration.cutover().stream().map(Stage::name).toList();
        return names.subList(0, names.indexOf(stage.name()) + 1);
    }

    /**
     * Reads what a stage is watched by, and judges it.
     *
     * @param once names the reading, however often it is asked for
     */
    public static PhaseReport read(Target target, PhaseRequest request, Stage stage, String once, Pulse pulse) {
        return new Readings(target, request, stage).take(once, pulse);
    }

    /** Switches a stage back, and all after it, to what the stages before had made; writes made since stay. */
    public static PhaseReport stepBack(
            Target target, PhaseRequest request, Migration migration, Stage first, Pulse pulse) {
        Run run = request.run();
        List<Stage> stages = migration.cutover();
        Results.begin(target, request);
        Tries.forLocks(
                target,
                run,
                "stage '" + first.name() + "' back",
                pulse,
                tries -> target.inTransaction(tx -> {
                    Runs.fence(tx, run);
                    Switches.stepBack(tx, run, stages, stages.indexOf(first));
                    Runs.write(tx, anew(run, "stage back", first.name()));
                    return first;
                }));
        awaitStragglers(target, pulse);
        if (stages.indexOf(first) == 0) {
            unlessLocked(() -> ForeignWrites.watch(target, run, migration, pulse));
        }
        return PhaseReport.passed(first.name() + ": switched back");
    }

    /** The switch is made: a watch that cannot end yet notes nothing, and one that does not begin again is told as such. */
    private static void unlessLocked(Runnable watch) {
        try {
            watch.run();
        } catch (RunbookException.Parked locked) {
            LOG.warn("{}", locked.getMessage());
        }
    }

    /** Puts every switch back, then waits until no transaction is left that could have seen the new shape. */
    public static PhaseReport flipBack(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        Run run = request.run();
        Results.begin(target, request);
        List<Stage> stages = new ArrayList<>(migration.cutover());
        Collections.reverse(stages);
        Tries.forLocks(
                target,
                run,
                "flip back",
                pulse,
                tries -> target.inTransaction(tx -> {
                    Runs.fence(tx, run);
                    Runs.part(tx, run, "rolling_back");
                    Switches.putBack(tx, run, stages);
                    Runs.write(tx, act(run, "flip back", "cutover"));
                    return stages;
                }));
        awaitStragglers(target, pulse);
        return PhaseReport.passed("switches back");
    }

    private static void awaitStragglers(Target target, Pulse pulse) {
        long until = System.nanoTime() + STRAGGLERS.toNanos();
        var flipped = target.dsl()
                .select(field("clock_timestamp()", OffsetDateTime.class))
                .fetchSingle()
                .value1();
        while (System.nanoTime() < until && older(target, flipped)) {
            Pauses.rest(Duration.ofMillis(200), pulse, Map.of("waits for", "transactions older than the flip"));
        }
    }

    private static boolean older(Target target, OffsetDateTime flipped) {
        return target.dsl()
                .fetchExists(target.dsl()
                        .selectOne()
                        .from("pg_catalog.pg_stat_activity")
                        .where("datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client"
                                + " backend'")
                        .and(field("xact_start", OffsetDateTime.class).lt(flipped)));
    }

    /** A stage may be switched, and switched back, more than once. */
    private static Act anew(Run run, String act, String subject) {
        return new Act(run, act, subject, "run " + run.id(), Map.of(), act + "/" + subject + "/" + UUID.randomUUID());
    }

    private static Act act(Run run, String act, String subject) {
        return new Act(run, act, subject, "run " + run.id(), Map.of(), act + "/" + subject + "/" + run.epoch());
    }
}
