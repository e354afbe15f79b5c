package runbook.cli;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ctrl-C and SIGTERM close what is open before the JVM ends. */
final class Ending implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

    private final AutoCloseable[] parts;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "runbook-end");
    private boolean ending;

    private Ending(AutoCloseable... parts) {
        this.parts = parts;
    }

    /** From now on a signal closes these, in this order; so does {@link #close()}, without a signal. */
    static Ending of(AutoCloseable... parts) {
        Ending ending = new Ending(parts);
        Runtime.getRuntime().addShutdownHook(ending.hook);
        return ending;
    }

    /** Blocks until a signal has come and everything is closed. */
    void await() throws InterruptedException {
        ended.await();
    }

    private void end() {
        synchronized (this) {
            if (ending) {
                return;
            }
            ending = true;
        }
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("{} did not end in order.", part.getClass().getSimpleName(), e);
            }
        }
        ended.countDown();
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("The JVM is ending already.", e);
        }
    }
}
