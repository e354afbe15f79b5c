package runbook.engine.throttle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** How fast a counter rises, by looks that are some seconds apart. */
final class Rise {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private record Look(long nanos, double count) {}

    private final Deque<Look> looks = new ArrayDeque<>();

    /** What it rose by in the last minute; less than a minute after the first look, since then. */
    double perMinute(long nanos, double count) {
        look(nanos, count);
        while (nanos - looks.getFirst().nanos() > MINUTE) {
            looks.removeFirst();
        }
        return count - looks.getFirst().count();
    }

    /** By the newest two looks; 0 at the first. */
    double perSecond(long nanos, double count) {
        look(nanos, count);
        while (looks.size() > 2) {
            looks.removeFirst();
        }
        Look before = looks.getFirst();
        return looks.size() < 2 ? 0 : (count - before.count()) * 1e9 / Math.max(1, nanos - before.nanos());
    }

    /** A counter that has fallen was reset, and nothing is known of before. */
    private void look(long nanos, double count) {
        if (!looks.isEmpty() && count < looks.getLast().count()) {
            looks.clear();
        }
        looks.addLast(new Look(nanos, count));
    }
}
