package runbook.hook;

import java.time.Duration;

/** How a hook is told. */
interface Way {

    /**
     * Tells it once, and is back when the time is over.
     *
     * @return what speaks against going on, in words that hold nothing of what it printed or where it is; empty when it
     *     agrees
     * @throws InterruptedException when the worker stops
     */
    String tell(byte[] body, Duration limit) throws InterruptedException;
}
