package runbook.workflow;

import io.temporal.workflow.Workflow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Work that {@code temporal workflow cancel} does not tear apart: the run notices it and goes back in order. */
final class Detached {

    private Detached() {}

    static void run(Runnable work) {
        Workflow.newDetachedCancellationScope(work::run).run();
    }

    static <T> T call(Supplier<T> work) {
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        run(() -> result.set(work.get()));
        T value = result.get();
        if (value == null) {
            throw new IllegalStateException("detached work returned nothing");
        }
        return value;
    }
}
