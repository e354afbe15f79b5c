package runbook.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counters that all sessions share. */
final class Tally {

    private static final int ERRORS_KEPT = 1_000;

    final LongAdder transactions = new LongAdder();
    final LongAdder throughAddStatus = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder serializationFailures = new LongAdder();
    final LongAdder deadlocks = new LongAdder();
    final LongAdder interruptions = new LongAdder();
    final LongAdder ambiguous = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final List<String> texts = new ArrayList<>();

    /** An error that the application would not have got without the migration, or a fault of the writer itself. */
    synchronized void error(String text) {
        errors.increment();
        if (texts.size() < ERRORS_KEPT) {
            texts.add(text);
        }
    }

    synchronized List<String> errors() {
        return List.copyOf(texts);
    }

    long errorCount() {
        return errors.sum();
    }
}
