package runbook.engine;

import java.time.Duration;
import java.util.List;
import runbook.engine.Results.Look;
import runbook.message.Phase;
import runbook.message.PhaseRequest;
import runbook.message.Verdict;
import runbook.spi.Comparison;

/** Holds the old shape against the new one, chunk by chunk, with several slots at once. */
final class Comparisons {

    /** Over a hundred times what a chunk should take: it is too large by far, or it lacks an index. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Outside of the phase validation people wait for the verdict, with everything ready for the next step. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    /** Each holds one session. */
    private static final int SLOTS = Math.min(4, Copier.CORES);

    private final Target target;
    private final PhaseRequest request;
    private final Pulse pulse;
    private final Way way;

    /**
     * How it is looked.
     *
     * @param slots how many look at once
     * @param limit how long one statement may take
     * @param patience how long a slot lets a busy server hold it up in all; what is left by then is not verified
     */
    record Way(int slots, Duration limit, Duration patience) {}

    Comparisons(Target target, PhaseRequest request, Pulse pulse) {
        this(target, request, pulse, new Way(SLOTS, LIMIT, patience(request)));
    }

    Comparisons(Target target, PhaseRequest request, Pulse pulse, Way way) {
        this.target = target;
        this.request = request;
        this.pulse = pulse;
        this.way = way;
    }

    /** What was seen before a longer wait is too old by its end. */
    private static Duration patience(PhaseRequest request) {
        return request.phase() == Phase.VALIDATION ? Decisions.FRESH : PATIENCE;
    }

    /** The look of this attempt at the phase; where it was interrupted, it goes on. */
    Look look(Comparison comparison) {
        String name = request.phase().word() + " " + request.attemptOfRun();
        List<String> problems = Comparability.problems(target.dsl(), comparison);
        if (!problems.isEmpty()) {
            return new Look(Verdict.NOT_VERIFIED, String.join(" ", problems), null);
        }
        Contrast contrast = Contrast.of(target.dsl(), comparison);
        Chunks chunks = new Chunks(target, request, comparison, name + "/" + contrast.definition());
        chunks.begin();
        Comparer comparer = new Comparer(target, request, way, contrast);
        Abreast.run(target, way.slots(), pulse, (slot, beats) -> comparer.compare(slot, chunks, beats));
        LookTotal total = chunks.end();
        return new Look(total.verdict(), words(total, comparer), total.found(), null, total.oldest());
    }

    private String words(LookTotal total, Comparer comparer) {
        return total.whole() || comparer.heldUp().isEmpty()
                ? total.words()
                : total.words() + ", after it was held up for " + way.patience().toSeconds() + " s by "
                        + comparer.heldUp();
    }
}
