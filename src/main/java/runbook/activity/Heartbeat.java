package runbook.activity;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import runbook.engine.Pulse;

/**
 * Tells Temporal that the work is alive while a single statement runs for longer than the heartbeat time-out, such as an
 * index build. When it is no longer wanted, that statement is ended in the server, and the work at its next beat.
 */
final class Heartbeat implements Pulse, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private static final long EVERY_SECONDS = 2;

    private final ActivityExecutionContext context;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "heartbeat");
        thread.setDaemon(true);
        return thread;
    });
    private final Runnable cancel;
    private boolean closed;
    private volatile @Nullable Object last;
    private volatile @Nullable ActivityCompletionException unwanted;

    private Heartbeat(ActivityExecutionContext context, Runnable cancel) {
        this.context = context;
        this.cancel = cancel;
    }

    /**
     * Begins to beat.
     *
     * @param cancel ends the statement that is running; called until the work has ended
     */
    static Heartbeat of(ActivityExecutionContext context, Runnable cancel) {
        Heartbeat heartbeat = new Heartbeat(context, cancel);
        var beats = heartbeat.timer.scheduleWithFixedDelay(
                heartbeat::again, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
        if (beats.isCancelled()) {
            throw new IllegalStateException("the heartbeat did not start");
        }
        return heartbeat;
    }

    @Override
    public void beat(Object detail) {
        last = detail;
        ActivityCompletionException ended = unwanted;
        if (ended != null) {
            throw ended;
        }
        context.heartbeat(detail);
    }

    /** Work whose failure after a cancel is the cancel, whatever error the ended statement became. */
    <T> T over(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            ActivityCompletionException ended = unwanted;
            if (ended == null || ended == e) {
                throw e;
            }
            LOG.info("work that is no longer wanted ended with {}", e.getClass().getName());
            throw ended;
        }
    }

    /** Not beside {@link #close}: afterwards the thread and its sessions belong to other work. */
    private synchronized void again() {
        if (closed) {
            return;
        }
        try {
            context.heartbeat(last);
        } catch (ActivityCompletionException e) {
            unwanted = e;
        }
        if (unwanted != null) {
            cancel.run();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        timer.shutdownNow();
    }
}
