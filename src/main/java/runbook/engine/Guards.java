package runbook.engine;

import static runbook.generated.engine.Tables.CHECK_RESULT;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import runbook.engine.Results.Look;
import runbook.engine.throttle.Cause;
import runbook.engine.throttle.Replicas;
import runbook.message.CheckVerdict;
import runbook.message.Limits;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Signal;
import runbook.message.Verdict;
import runbook.spi.Severity;

/**
 * What must hold right before a stage is switched: the proof is fresh, no replica shows an older state, and nobody is still
 * at work who began long ago. What may pass by itself is waited for; when it does not, nothing was changed.
 */
final class Guards {

    static final String PROOF = "the newest validation passed and is fresh";
    static final String TRANSACTIONS = "no transaction has been open for long";
    static final String REPLICAS = "no replica is far behind";

    /** Far more than a statement of an application takes; a report that runs for longer would read both shapes. */
    private static final double LONG_SECONDS = 60;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Target target;
    private final PhaseRequest request;
    private final Duration patience;

    Guards(Target target, PhaseRequest request) {
        this(target, request, PATIENCE);
    }

    Guards(Target target, PhaseRequest request, Duration patience) {
        this.target = target;
        this.request = request;
        this.patience = patience;
    }

    /** The verdict on each; those that may pass by themselves after a wait for them. */
    List<CheckVerdict> verdicts(Pulse pulse) {
        Results results = new Results(target, request);
        CheckVerdict proof = results.run(PROOF, Severity.BLOCKING, this::proof);
        if (proof.verdict() == Verdict.PASSED) {
            await(pulse);
        }
        return List.of(
                proof,
                results.run(TRANSACTIONS, Severity.BLOCKING, tx -> transactions()),
                results.run(REPLICAS, Severity.BLOCKING, tx -> look(behind())));
    }

    private void await(Pulse pulse) {
        long until = System.nanoTime() + patience.toNanos();
        Optional<String> holdsUp = holdsUp();
        while (holdsUp.isPresent() && System.nanoTime() < until) {
            Pauses.rest(Duration.ofSeconds(1), pulse, Map.of("waits before the switch for", holdsUp.get()));
            holdsUp = holdsUp();
        }
    }

    private Optional<String> holdsUp() {
        return Stream.concat(open().stream(), behind().stream()).findFirst();
    }

    private Look look(Optional<String> found) {
        return found.map(words -> new Look(
                        Verdict.FAILED,
                        words + ". It was waited for "
                                + Signal.REPLICA_LAG.unit().said(patience.toSeconds()) + ", then nothing was switched",
                        null))
                .orElseGet(() -> new Look(Verdict.PASSED, "", null));
    }

    private Look transactions() {
        boolean looks = !request.start().limits().off().contains(Signal.OLDEST_SNAPSHOT.word());
        return looks && !Blockers.seen(target)
                ? new Look(
                        Verdict.NOT_VERIFIED,
                        "the role may not see other sessions, and nothing was switched. GRANT pg_monitor TO it",
                        null)
                : look(open());
    }

    private Optional<String> open() {
        Limits limits = request.start().limits();
        String signal = Signal.OLDEST_SNAPSHOT.word();
        if (limits.off().contains(signal)) {
            return Optional.empty();
        }
        double limit = limits.at().getOrDefault(signal, LONG_SECONDS);
        List<String> open = Blockers.openFor(target, Duration.ofMillis((long) (limit * 1_000)));
        return open.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join("; ", open) + "; "
                        + Signal.OLDEST_SNAPSHOT.unit().said(limit) + " are allowed");
    }

    private Optional<String> behind() {
        return Replicas.behind(target, request.start().limits()).map(Cause::words);
    }

    /** Flags and views that somebody has put back are what a switch cures, so they do not speak against it. */
    private Look proof(DSLContext tx) {
        Run run = request.run();
        Optional<ProofAge> newest = ProofAge.newest(tx, run);
        if (newest.isEmpty()) {
            return new Look(Verdict.FAILED, "there is none yet; 'retry' validates first", null);
        }
        long hours = newest.get().seconds() / 3_600;
        if (newest.get().seconds() > Decisions.FRESH.toSeconds()) {
            return new Look(
                    Verdict.FAILED,
                    "it is " + hours + " h old, " + Decisions.FRESH.toHours() + " h are allowed; 'retry' renews it",
                    null);
        }
        List<String> against = tx.select(CHECK_RESULT.NAME)
                .from(CHECK_RESULT)
                .where(CHECK_RESULT.RUN.eq(run.id()))
                .and(CHECK_RESULT.PHASE.eq("validation"))
                .and(CHECK_RESULT.ATTEMPT.eq(newest.get().attempt()))
                .and(CHECK_RESULT.SEVERITY.eq("blocking"))
                .and(CHECK_RESULT.VERDICT.ne("passed"))
                .and(CHECK_RESULT.NAME.ne(CheckVerdict.SWITCHES))
                .orderBy(CHECK_RESULT.NAME)
                .fetch(CHECK_RESULT.NAME);
        return against.isEmpty()
                ? new Look(Verdict.PASSED, "", null)
                : new Look(Verdict.FAILED, "it did not pass: " + String.join(", ", against), null);
    }
}
