package runbook.message;

import java.util.ArrayList;
import java.util.List;

/**
 * How a person wants batches to run. It replaces the tuning before it as a whole.
 *
 * @param batchMillis what a batch should take; 0 as the engine finds, by who else is at work
 * @param workers how many slots copy; 0 for as many as the worker has cores
 * @param ratio how long a slot rests after a batch, as a multiple of what that batch took; 0 as the engine finds,
 *     by who else is at work, and no rest where {@code batchMillis} is given
 * @param limits of the signals that batches wait for, over those of the start
 */
public record Tuning(int batchMillis, int workers, double ratio, Limits limits) {

    /** How many slots one copy has at most; more of them seldom help. */
    public static final int MOST_WORKERS = 8;

    /** Nobody wants anything special. */
    public static final Tuning NONE = new Tuning(0, 0, 0, Limits.USUAL);

    /** In one line, for people. */
    public String words() {
        List<String> words = new ArrayList<>();
        if (batchMillis > 0) {
            words.add("batches of " + batchMillis + " ms");
        }
        if (workers > 0) {
            words.add(workers == 1 ? "1 worker" : workers + " workers");
        }
        if (ratio > 0) {
            words.add("a rest of " + ratio + " times each batch");
        }
        limits.typed().forEach((signal, limit) -> words.add(signal + " " + limit));
        return words.isEmpty() ? "as the engine finds" : String.join(", ", words);
    }
}
