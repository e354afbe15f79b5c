package runbook.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes samples beside the batches of a copy, in a session of its own. Whatever becomes of it, the copy goes on. */
final class ImpactWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ImpactWatch.class);

    /** Between the first samples, so that a short copy has figures too. */
    private static final Duration FIRST_REST = Duration.ofMillis(20);

    /** Twice a second at most, and of a slow server no more than a hundredth of one session's time. */
    private static final Duration LEAST_REST = Duration.ofMillis(500);

    private static final int REST = 99;

    /** Longer than a sample may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Impact impact;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    ImpactWatch(Impact impact) {
        this.impact = impact;
        this.thread = new Thread(this::watch, "impact");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void watch() {
        try {
            List<Probe> probes = impact.probes();
            probes.forEach(Probe::sample);
            Duration rest = FIRST_REST;
            int looks = 0;
            do {
                long began = System.nanoTime();
                if (impact.due(rest)) {
                    probes.forEach(this::sample);
                }
                looks++;
                rest = looks < Impact.SAMPLES ? FIRST_REST : rest(System.nanoTime() - began);
            } while (!closed.await(rest.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RunbookException.Fenced e) {
            LOG.debug("another owner has the run; no more samples are taken here", e);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private static Duration rest(long nanos) {
        Duration most = Duration.ofNanos(REST * nanos);
        return most.compareTo(LEAST_REST) > 0 ? most : LEAST_REST;
    }

    private void sample(Probe probe) {
        probe.sample().ifPresent(sample -> impact.keep(probe.write(), Moment.DURING, List.of(sample)));
    }

    private void failed(RuntimeException error) {
        String state = Sql.state(error);
        LOG.warn("impact is not measured any more beside this copy (SQLSTATE {}); the copy goes on", state);
        try {
            impact.writes().forEach(write -> impact.failed(write, Moment.DURING, error));
        } catch (RuntimeException again) {
            LOG.warn("nor could the reason be kept (SQLSTATE {})", Sql.state(again));
        }
    }

    /** Lets the sample end that is being taken. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
