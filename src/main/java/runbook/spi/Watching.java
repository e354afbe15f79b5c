package runbook.spi;

import java.time.Duration;
import java.util.List;

/**
 * How a stage is watched while it bakes.
 *
 * @param interval the time between two readings
 * @param count how many readings, spread over the bake
 */
public record Watching(Duration interval, int count, List<Criterion> criteria) {

    /** Each reading stays in the history of the run, which has an end. */
    private static final int MOST = 60;

    /** Nothing is read. */
    static final Watching NONE = new Watching(Duration.ZERO, 0, List.of());

    public Watching {
        criteria = List.copyOf(criteria);
        boolean none = criteria.isEmpty() && count == 0;
        if (!none
                && (criteria.isEmpty() || count < 1 || count > MOST || interval.compareTo(Duration.ofSeconds(1)) < 0)) {
            throw new IllegalArgumentException(
                    "a stage is watched by at least one criterion, 1 to " + MOST + " times, from PT1S apart; found "
                            + criteria.size() + " criteria, " + count + " times, " + interval);
        }
    }

    /** How long all readings take. */
    public Duration length() {
        return interval.multipliedBy(count);
    }
}
