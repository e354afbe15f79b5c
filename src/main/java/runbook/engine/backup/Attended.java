package runbook.engine.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import runbook.engine.Pulse;
import runbook.engine.RunbookException;

/**
 * Work on threads of its own, while the caller's thread beats: a single statement on a large table takes longer than
 * anybody waits for a heartbeat.
 *
 * @param headway what a beat tells
 * @param cancel ends the statements that are running; called again until every thread has stopped
 */
record Attended(Pulse pulse, Supplier<Object> headway, Runnable cancel) {

    private static final long BEAT_MILLIS = 1_000;

    /** One piece of work. */
    <T> T run(Callable<T> work) {
        return run(List.of(work), 1).get(0);
    }

    /**
     * All results in order. When a piece or a beat fails the others are cancelled, all threads have ended, and the first
     * failure is thrown.
     */
    <T> List<T> run(List<Callable<T>> works, int sideBySide) {
        ExecutorService threads = Executors.newFixedThreadPool(sideBySide, work -> {
            Thread thread = new Thread(work, "runbook-backup");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<T>> results = await(works, threads);
            List<T> values = new ArrayList<>();
            for (Future<T> result : results) {
                values.add(result.get());
            }
            return values;
        } catch (ExecutionException e) {
            throw rethrown(Objects.requireNonNull(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunbookException("interrupted while waiting for the database", e);
        } finally {
            stop(threads);
        }
    }

    private <T> List<Future<T>> await(List<Callable<T>> works, ExecutorService threads)
            throws InterruptedException, ExecutionException {
        ExecutorCompletionService<T> done = new ExecutorCompletionService<>(threads);
        List<Future<T>> results = works.stream().map(done::submit).toList();
        int left = works.size();
        while (left > 0) {
            pulse.beat(headway.get());
            Future<T> next = done.poll(BEAT_MILLIS, TimeUnit.MILLISECONDS);
            if (next != null) {
                next.get();
                left--;
            }
        }
        return results;
    }

    private void stop(ExecutorService threads) {
        threads.shutdownNow();
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            cancel.run();
            try {
                threads.awaitTermination(BEAT_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static RuntimeException rethrown(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof RuntimeException runtime) {
            return runtime;
        }
        return Failure.at("backup", "Send the signal 'retry'.", (Exception) cause);
    }
}
