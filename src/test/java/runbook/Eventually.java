package runbook;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition instead of a time. */
public final class Eventually {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private Eventually() {}

    /** Returns once the condition holds; fails with the claim when it does not within the time. */
    public static void holds(String claim, Duration atMost, Callable<Boolean> condition) throws Exception {
        Instant deadline = Instant.now().plus(atMost);
        while (!condition.call()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("not within " + atMost.toSeconds() + " s: " + claim);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }
}
