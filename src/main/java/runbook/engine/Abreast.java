package runbook.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Slots of one piece of work at once, each in a thread of its own while the caller waits. When one fails, all end. */
final class Abreast {

    private static final long LOOK_MILLIS = 1_000;

    private final Target target;
    private final Work work;
    private final Pulse pulse;
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile Object last = "begins";

    private Abreast(Target target, Work work, Pulse pulse) {
        this.target = target;
        this.work = work;
        this.pulse = pulse;
    }

    /** What one slot does. */
    @FunctionalInterface
    interface Work {

        /**
         * Works until nothing is left.
         *
         * @param number of the slot, from 0
         * @param pulse throws also when another slot has failed; it must pass through
         */
        void of(int number, Pulse pulse);
    }

    /** Thrown into slots that are to end because another one has failed. */
    private static final class Ended extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Ended() {
            super("another slot has failed", null, false, false);
        }
    }

    /**
     * Runs all slots to their ends.
     *
     * @throws RuntimeException what the first slot to fail has thrown, once nothing runs any more
     */
    static void run(Target target, int slots, Pulse pulse, Work work) {
        Abreast abreast = new Abreast(target, work, pulse);
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < slots; number++) {
            threads.add(abreast.begin(number));
        }
        threads.forEach(thread -> abreast.await(thread, threads));
        Throwable first = abreast.failures.peek();
        if (first instanceof Error error) {
            throw error;
        }
        if (first != null) {
            throw (RuntimeException) first;
        }
    }

    private Thread begin(int number) {
        Thread thread = new Thread(() -> run(number), "slot " + (number + 1));
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void run(int number) {
        try {
            work.of(number, this::beat);
        } catch (RuntimeException | Error e) {
            failures.add(e);
        }
    }

    private void beat(Object detail) {
        if (!failures.isEmpty()) {
            throw new Ended();
        }
        last = detail;
        pulse.beat(detail);
    }

    /** Ends what the slots wait for as soon as they are not wanted any more, however often that takes. */
    private void await(Thread one, List<Thread> all) {
        boolean interrupted = false;
        while (one.isAlive()) {
            if (!failures.isEmpty()) {
                all.forEach(target::cancel);
            }
            try {
                one.join(LOOK_MILLIS);
                if (failures.isEmpty()) {
                    pulse.beat(last);
                }
            } catch (InterruptedException e) {
                interrupted = true;
                failures.add(new RunbookException("interrupted while slots were at work", e));
            } catch (RuntimeException unwanted) {
                failures.add(unwanted);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
