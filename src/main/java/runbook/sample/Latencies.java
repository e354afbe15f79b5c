package runbook.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Histograms of statement times, one per second for the last hour and one for all time. A bucket is 9 % wide: fine enough
 * to tell 10 ms from 11, and small enough to keep.
 */
final class Latencies {

    private static final int PER_DOUBLING = 8;
    private static final int BUCKETS = 32 * PER_DOUBLING;
    private static final int SECONDS_KEPT = 3_600;
    private static final int WARM_UP_SECONDS = 2;

    private final Histogram all = new Histogram(0);
    private final Deque<Histogram> seconds = new ArrayDeque<>();
    private final long started = System.nanoTime();
    private final Instant since = Instant.now();

    private static final class Histogram {
        private final long second;
        private final int[] buckets = new int[BUCKETS];
        private long maxMicros;

        Histogram(long second) {
            this.second = second;
        }

        void add(long micros) {
            double doublings = Math.log((double) Math.max(1, micros)) / Math.log(2);
            buckets[Math.min(BUCKETS - 1, (int) (doublings * PER_DOUBLING))]++;
            maxMicros = Math.max(maxMicros, micros);
        }

        void add(Histogram other) {
            for (int i = 0; i < BUCKETS; i++) {
                buckets[i] += other.buckets[i];
            }
            maxMicros = Math.max(maxMicros, other.maxMicros);
        }

        Latency summary() {
            long total = 0;
            for (int bucket : buckets) {
                total += bucket;
            }
            return new Latency(
                    total, percentile(total, 0.5), percentile(total, 0.95), percentile(total, 0.99), maxMicros / 1e3);
        }

        /** The upper edge of the bucket, so that a time is never told shorter than it was. */
        private double percentile(long total, double share) {
            long wanted = (long) Math.ceil(total * share);
            long seen = 0;
            for (int i = 0; i < BUCKETS; i++) {
                seen += buckets[i];
                if (seen >= wanted && wanted > 0) {
                    return Math.min((double) maxMicros, Math.pow(2, (i + 1.0) / PER_DOUBLING)) / 1e3;
                }
            }
            return 0;
        }
    }

    synchronized void record(long micros) {
        all.add(micros);
        long second = second();
        Histogram last = seconds.peekLast();
        if (last == null || last.second != second) {
            last = new Histogram(second);
            seconds.addLast(last);
            if (seconds.size() > SECONDS_KEPT) {
                seconds.removeFirst();
            }
        }
        last.add(micros);
    }

    synchronized Latency overall() {
        return all.summary();
    }

    synchronized Latency last(Duration window) {
        return sum(second() - window.toSeconds(), Long.MAX_VALUE);
    }

    /** Whole seconds, the one in which it ends left out, and so the first ones, in which sessions are opened. */
    synchronized Latency between(Instant from, Instant to) {
        return sum(
                Math.max(WARM_UP_SECONDS, Duration.between(since, from).toSeconds()),
                Duration.between(since, to).toSeconds());
    }

    private Latency sum(long from, long to) {
        Histogram sum = new Histogram(0);
        for (Histogram histogram : seconds) {
            if (histogram.second >= from && histogram.second < to) {
                sum.add(histogram);
            }
        }
        return sum.summary();
    }

    private long second() {
        return (System.nanoTime() - started) / 1_000_000_000L;
    }
}
