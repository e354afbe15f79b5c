package runbook.workflow;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** What people ask for while the run waits for them: repairs, trials, another proof. One at a time, in their order. */
final class Errands {

    private final Judge judge;
    private final Deque<Runnable> asked = new ArrayDeque<>();
    private boolean busy;

    Errands(Judge judge) {
        this.judge = judge;
    }

    void ask(Runnable errand) {
        asked.add(errand);
    }

    /** Whether something is still to be done, or is being done, so that the evidence may change. */
    boolean pending() {
        return busy || !asked.isEmpty();
    }

    /** Waits, and does what is asked for meanwhile; {@code afterEach} runs after each errand. */
    void until(Supplier<Boolean> done, Runnable afterEach) {
        while (true) {
            judge.until(() -> done.get() || !asked.isEmpty());
            Runnable errand = asked.poll();
            if (errand == null) {
                return;
            }
            busy = true;
            try {
                errand.run();
            } finally {
                busy = false;
            }
            afterEach.run();
        }
    }
}
