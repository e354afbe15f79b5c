package runbook.sample;

import java.util.concurrent.atomic.AtomicLong;

/** When each statement is due, whether or not the database keeps up: a slow answer shows in those that wait behind it. */
final class Pace {

    /** What is later than this is given up, as users give up; else a restart would be followed by a storm. */
    private static final long PATIENCE_NANOS = 2_000_000_000L;

    private final long nanosBetween;
    private final AtomicLong next = new AtomicLong(System.nanoTime());
    private final AtomicLong shed = new AtomicLong();

    Pace(int perSecond) {
        this.nanosBetween = 1_000_000_000L / perSecond;
    }

    /** Takes the next turn for so many statements and says when it is. */
    long take(int statements) {
        long earliest = System.nanoTime() - PATIENCE_NANOS;
        long due = next.getAndUpdate(turn -> Math.max(turn, earliest) + statements * nanosBetween);
        if (due < earliest) {
            shed.addAndGet((earliest - due) / nanosBetween);
            return earliest;
        }
        return due;
    }

    long shed() {
        return shed.get();
    }
}
