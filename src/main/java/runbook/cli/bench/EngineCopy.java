package runbook.cli.bench;

import static runbook.generated.engine.Tables.RANGE;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jooq.impl.DSL;
import runbook.engine.Backfills;
import runbook.engine.Copier;
import runbook.engine.Expansion;
import runbook.engine.Owners;
import runbook.engine.Plan;
import runbook.engine.Pulse;
import runbook.engine.RunbookException;
import runbook.engine.Runs;
import runbook.engine.Target;
import runbook.message.Admit;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Start;
import runbook.message.StartInput;
import runbook.message.Verdict;
import runbook.spi.Migration;

/**
 * The engine's own way through a backfill, by the entry points of its activities.
 *
 * @param copy seconds from the first range to the last batch, two slots at once
 * @param whole seconds of the whole phase: statistics, ranges, copy, counts against the tables, constraints, vacuum
 * @param batchRows units of an average batch
 */
record EngineCopy(double copy, double whole, long batchRows) {

    static final int SLOTS = 2;

    /** Autovacuum is off here: a copy that waits for dead tuples to be taken away would wait for ever. */
    private static final Map<String, Object> NOBODY_CLEANS_UP = Map.of("deadTuples", "off");

    static EngineCopy of(Target target, Migration migration) throws Exception {
        PhaseRequest request = begin(target, migration);
        long began = System.nanoTime();
        Backfills.open(target, request, migration);
        copy(target, request, migration);
        double copied = (System.nanoTime() - began) / 1e9;
        PhaseReport report = Backfills.finish(target, request, migration, Pulse.NONE);
        double whole = (System.nanoTime() - began) / 1e9;
        if (report.verdict() != Verdict.PASSED) {
            throw new RunbookException("bench: the engine's copy ended with: " + report.summary() + " "
                    + report.problems() + ". No figure was taken.");
        }
        return new EngineCopy(copied, whole, averageBatch(target));
    }

    /** Opens a run and takes it through its schema phase. */
    static PhaseRequest begin(Target target, Migration migration) {
        Start start = StartInput.of(Map.of(
                        "migration",
                        migration.name(),
                        "target",
                        target.name(),
                        "requestedBy",
                        "bench",
                        "limits",
                        NOBODY_CLEANS_UP))
                .start();
        Run run = Runs.own(
                        target,
                        new Admit(start, List.of(), migration.name(), "bench"),
                        Plan.definition(migration),
                        Owners.nobody())
                .run();
        Expansion.expand(target, new PhaseRequest(run, start, Phase.SCHEMA, 1), migration, Pulse.NONE);
        return new PhaseRequest(run, start, Phase.BACKFILL, 1);
    }

    /** All backfills of the migration, one after the other, each by all slots; where one fails, the others end too. */
    static void copy(Target target, PhaseRequest request, Migration migration) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(SLOTS);
        try {
            for (var backfill : migration.backfills()) {
                CompletionService<Integer> slots = new ExecutorCompletionService<>(threads);
                for (int slot = 0; slot < SLOTS; slot++) {
                    int number = slot;
                    Copier copier = new Copier(target, request, backfill, EngineCopy::beat);
                    slots.submit(() -> copier.copy(number, "slot " + number), number);
                }
                for (int ended = 0; ended < SLOTS; ended++) {
                    slots.take().get();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void beat(Object detail) {
        if (Thread.currentThread().isInterrupted()) {
            throw new RunbookException("bench: ended at " + detail + ", since another slot has failed.");
        }
    }

    private static long averageBatch(Target target) {
        return target.dsl()
                .select(DSL.sum(RANGE.SCANNED)
                        .div(DSL.greatest(DSL.inline(java.math.BigDecimal.ONE), DSL.sum(RANGE.BATCHES))))
                .from(RANGE)
                .fetchSingle()
                .value1()
                .longValue();
    }
}
