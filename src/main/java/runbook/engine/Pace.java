package runbook.engine;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many rows the next batch takes: steered to a time by the slowest of recent batches, up in small steps and down at
 * once. The law is that of block/spirit's dynamic chunk sizer ({@code pkg/table/dynamic_chunk_sizer.go}).
 */
final class Pace {

    static final int FIRST = 1_000;

    /** Below it the fixed cost of a statement is most of its time, and fewer rows no longer make it shorter. */
    private static final int LEAST = 100;

    private static final int MOST = 100_000;

    /** Long enough that the fixed cost of a statement is small, short enough that nobody waits for it. */
    private static final long TARGET_MILLIS = 50;

    /** Of so few the slowest counts; more would remember what small batches cost, and never grow out of them. */
    private static final int REMEMBERED = 3;

    private static final double LARGEST_STEP_UP = 1.5;
    private static final int PANIC = 5;

    private final Deque<Double> millisPerRow = new ArrayDeque<>();
    private int rows;

    Pace(int rows) {
        this.rows = rows;
    }

    int rows() {
        return rows;
    }

    void took(long millis, long read) {
        if (read == 0) {
            return;
        }
        if (millis > PANIC * TARGET_MILLIS) {
            rows = Math.max(LEAST, rows / 10);
            millisPerRow.clear();
            return;
        }
        millisPerRow.addLast((double) millis / read);
        if (millisPerRow.size() > REMEMBERED) {
            millisPerRow.removeFirst();
        }
        double slow =
                millisPerRow.stream().mapToDouble(Double::doubleValue).max().orElse(1.0);
        double wanted = slow == 0 ? rows * LARGEST_STEP_UP : TARGET_MILLIS / slow;
        rows = (int) Math.max(LEAST, Math.min(MOST, Math.min(wanted, rows * LARGEST_STEP_UP)));
    }

    /** After a batch that failed or timed out: half, down to the single row. */
    void halve() {
        rows = Math.max(1, rows / 2);
    }
}
