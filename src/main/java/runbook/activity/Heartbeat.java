package runbook.activity;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import runbook.engine.Pulse;

/**
 * Tells Temporal that the work is alive while a single statement runs for longer than the heartbeat time-out, such as an
 * index build. That it is no longer wanted reaches the work at its own next beat.
 */
final class Heartbeat implements Pulse, AutoCloseable {

    private static final long EVERY_SECONDS = 5;

    private final ActivityExecutionContext context;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "heartbeat");
        thread.setDaemon(true);
        return thread;
    });
    private volatile @Nullable Object last;
    private volatile @Nullable ActivityCompletionException unwanted;

    private Heartbeat(ActivityExecutionContext context) {
        this.context = context;
    }

    static Heartbeat of(ActivityExecutionContext context) {
        Heartbeat heartbeat = new Heartbeat(context);
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

    private void again() {
        try {
            context.heartbeat(last);
        } catch (ActivityCompletionException e) {
            unwanted = e;
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
