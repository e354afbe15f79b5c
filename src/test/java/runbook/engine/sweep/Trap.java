package runbook.engine.sweep;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Takes the next batch and holds it at one point, until it is let go or its connection is cut. */
final class Trap {

    private final Point point;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch free = new CountDownLatch(1);
    private volatile @Nullable SeenBatch batch;
    private volatile boolean missed;

    Trap(Point point) {
        this.point = point;
    }

    boolean wantsItBegun() {
        return point != Point.BEGINNING;
    }

    void take(SeenBatch taken) {
        batch = taken;
    }

    /** Called by the batch's connection wherever it comes by. */
    void at(Point here) throws InterruptedException {
        if (here == point) {
            reached.countDown();
            if (point != Point.WRITING) {
                free.await();
            }
        }
    }

    /** The batch ended before it came to the point. */
    void miss() {
        missed = true;
        reached.countDown();
    }

    void letGo() {
        free.countDown();
    }

    boolean isReached(long millis) throws InterruptedException {
        return reached.await(millis, TimeUnit.MILLISECONDS);
    }

    /** The batch that it holds; {@code null} when that got away. */
    @Nullable
    SeenBatch held() {
        return missed ? null : batch;
    }
}
