package runbook.workflow;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** What people ask for while the run waits for them: repairs, trials, another proof. One at a time, in their order. */
final class Errands {

    private record Errand(Message message, Runnable work) {}

    private final Judge judge;
    private final Reminders reminders;
    private final Deque<Errand> asked = new ArrayDeque<>();
    private boolean busy;

    Errands(Judge judge, Reminders reminders) {
        this.judge = judge;
        this.reminders = reminders;
    }

    /** Keeps work for later; it answers the message itself. */
    void ask(Message message, Runnable work) {
        asked.add(new Errand(message, work));
    }

    /** Whether something is still to be done, or is being done, so that the evidence may change. */
    boolean pending() {
        return busy || !asked.isEmpty();
    }

    /** Waits, and does what is asked for meanwhile; {@code afterEach} runs after each errand. */
    void until(Supplier<Boolean> done, Runnable afterEach) {
        while (true) {
            judge.until(() -> done.get() || !asked.isEmpty());
            Errand errand = asked.poll();
            if (errand == null) {
                return;
            }
            busy = true;
            try {
                errand.work.run();
            } catch (Leave leave) {
                judge.ignore(errand.message, "Stopped. " + leave.sentence());
                throw leave;
            } finally {
                busy = false;
            }
            afterEach.run();
        }
    }

    /** The same at a place where people must decide: they are reminded, and may be late. */
    void decide(String at, Supplier<Boolean> done, Runnable afterEach) {
        try (Reminders.Waiting waiting = reminders.begin(at)) {
            until(done, afterEach);
        }
    }

    /** Answers whoever still waits: nothing more is done. */
    void close(String reason) {
        for (Errand errand = asked.poll(); errand != null; errand = asked.poll()) {
            judge.ignore(errand.message, reason);
        }
    }
}
