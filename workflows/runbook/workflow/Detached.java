package runbook.workflow;

import io.temporal.workflow.Async;
import io.temporal.workflow.Functions;
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

    /**
     * Has the target know something, and does not wait for that. A refusal means that the run is somebody else's now, and
     * what the phase does is refused for the same reason.
     */
    static <A> void tell(Functions.Proc1<A> target, A what) {
        run(() -> Async.procedure(target, what).exceptionally(refused -> null));
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
