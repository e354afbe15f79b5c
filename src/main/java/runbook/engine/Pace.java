package runbook.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * How many rows the next batch takes, and why: steered to a time by the slowest of recent batches, up in small steps and
 * down at once. The law is that of block/spirit's dynamic chunk sizer ({@code pkg/table/dynamic_chunk_sizer.go}).
 */
final class Pace {

    static final int FIRST = 1_000;

    static final int LEAST = 10;

    static final int MOST = 100_000;

    /** Over so many batches the slowest but a tenth counts; over fewer than ten that is the slowest. */
    private static final int REMEMBERED = 10;

    private static final double LARGEST_STEP_UP = 1.5;
    private static final int PANIC = 5;

    /** Of the newest batch in the smoothed rate. */
    private static final double WEIGHT = 0.2;

    /** A batch is compared with batches of about its size: small ones cost more a row, whatever the rows. */
    private record Took(int rows, double millisPerRow) {}

    private final Deque<Took> recent = new ArrayDeque<>();
    private int rows;
    private String why = "as the range was left";
    private double unitsPerSecond;
    private long ended = System.nanoTime();

    Pace(int rows) {
        this.rows = Math.max(LEAST, Math.min(MOST, rows));
    }

    int rows() {
        return rows;
    }

    String why() {
        return why;
    }

    /** Smoothed, waits between batches included. */
    float unitsPerSecond() {
        return (float) unitsPerSecond;
    }

    /**
     * Learns from a batch.
     *
     * @param target milliseconds that a batch should take, and why that many
     */
    void took(long millis, long read, Aim target) {
        measure(read);
        if (read == 0) {
            return;
        }
        if (millis > PANIC * target.millis()) {
            recent.clear();
            become(rows / 10, "a tenth: a batch took " + millis + " ms, more than " + PANIC + " times its " + target);
            return;
        }
        recent.addLast(new Took(rows, (double) millis / read));
        if (recent.size() > REMEMBERED) {
            recent.removeFirst();
        }
        double slow = slowest();
        double wanted = slow == 0 ? rows * LARGEST_STEP_UP : target.millis() / slow;
        become((int) Math.min(wanted, rows * LARGEST_STEP_UP), "steered to " + target);
    }

    /** After a batch that failed or timed out: half, down to the single row. */
    void halve(String reason) {
        rows = Math.max(1, rows / 2);
        why = "halved: " + reason;
        recent.clear();
    }

    private void become(int wanted, String reason) {
        rows = Math.max(LEAST, Math.min(MOST, wanted));
        why = reason;
    }

    private double slowest() {
        List<Double> alike = new ArrayList<>();
        recent.stream().filter(took -> took.rows() * 2 >= rows).forEach(took -> alike.add(took.millisPerRow()));
        Collections.sort(alike);
        return alike.get((int) Math.ceil(alike.size() * 0.9) - 1);
    }

    private void measure(long read) {
        long now = System.nanoTime();
        double rate = read * 1e9 / Math.max(1, now - ended);
        ended = now;
        unitsPerSecond = unitsPerSecond == 0 ? rate : unitsPerSecond + WEIGHT * (rate - unitsPerSecond);
    }

    /**
     * The time a batch should take.
     *
     * @param rest how long its slot rests after it, times what it took
     */
    record Aim(long millis, double rest, String because) {

        @Override
        public String toString() {
            return millis + " ms, " + because;
        }
    }
}
