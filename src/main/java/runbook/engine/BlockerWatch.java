package runbook.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees whom we wait for while work runs: once a wait has timed out, nobody waits, and the server names no blocker. */
final class BlockerWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BlockerWatch.class);

    private final Target target;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(looks -> {
        Thread thread = new Thread(looks, "blockers");
        thread.setDaemon(true);
        return thread;
    });
    private volatile List<String> seen = List.of();

    private BlockerWatch(Target target) {
        this.target = target;
    }

    /** @param wait how long a lock is waited for; a few looks fall into it */
    static BlockerWatch of(Target target, Duration wait) {
        BlockerWatch watch = new BlockerWatch(target);
        long every = wait.toMillis() / 4;
        var looks = watch.timer.scheduleWithFixedDelay(watch::look, 0, every, TimeUnit.MILLISECONDS);
        if (looks.isCancelled()) {
            throw new IllegalStateException("the watch did not start");
        }
        return watch;
    }

    private void look() {
        try {
            List<String> now = Blockers.waitedFor(target);
            seen = now.isEmpty() ? seen : now;
        } catch (DataAccessException e) {
            LOG.info("whom we wait for could not be read: SQLSTATE {}", Sql.state(e));
        }
    }

    /** Who blocked us last, as a sentence. */
    String sentence() {
        return Blockers.sentence(target, seen);
    }

    @Override
    public void close() {
        timer.shutdown();
    }
}
