package runbook.engine;

import java.time.Duration;

/** Waiting outside of any transaction, with a pulse. */
public final class Pauses {

    /** Short enough that a cancel is felt soon. */
    private static final Duration PIECE = Duration.ofSeconds(1);

    private Pauses() {}

    public static void rest(Duration wait, Pulse pulse, Object detail) {
        long until = System.nanoTime() + wait.toNanos();
        for (long left = wait.toNanos(); left > 0; left = until - System.nanoTime()) {
            pulse.beat(detail);
            try {
                Thread.sleep(Math.max(1, Math.min(PIECE.toMillis(), left / 1_000_000)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RunbookException("interrupted while waiting", e);
            }
        }
    }
}
