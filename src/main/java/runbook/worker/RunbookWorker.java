package runbook.worker;

import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import runbook.activity.StateAttribute;
import runbook.message.Tuning;

/** A worker that polls from its start to its close. */
public final class RunbookWorker implements AutoCloseable {

    public static final String TASK_QUEUE = "runbook";

    /** What a run is at, for lists: {@code backfill}, {@code waiting: cutover}, {@code parked: backfill} …. */
    public static final String SEARCH_ATTRIBUTE = StateAttribute.NAME;

    private static final Logger LOG = LoggerFactory.getLogger(RunbookWorker.class);

    /** By default heartbeats wait for 0.8 of their time-out; progress would be shown up to 48 s late. */
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(3);

    /** Workflow code only orders; a second is not enough for it on a machine that is busy copying rows. */
    private static final long DEADLOCK_MILLIS = 5_000;

    /** A batch ends within it; what does not is interrupted and done again by the next worker. */
    private static final long GRACE_SECONDS = 25;

    private static final long INTERRUPTED_SECONDS = 5;

    /** Runs of one worker that may copy, or wait for their window, at once. */
    private static final int RUNS = 100;

    /** Beside its slots a run has one activity for a phase, and one for what people ask for. */
    private static final int BESIDE = 2;

    /**
     * A slot keeps its place while it waits, for hours where a window is shut; without a place left nobody could so much as
     * tune or abort it. The SDK's 200 places are 25 such runs; a place that nobody takes costs nothing.
     */
    private static final int PLACES = RUNS * (Tuning.MOST_WORKERS + BESIDE);

    private final TemporalConnection connection;
    private final WorkerFactory factory;
    private final @Nullable Path readyFile;

    /**
     * How to start.
     *
     * @param address where Temporal is
     * @param workflows classes of workflow implementations
     * @param activities activity implementations
     * @param interceptors hooks into what the workflows receive
     * @param searchAttributes whether the worker sees to the search attribute; false where runs set none
     * @param readyFile written when polling has begun, or null
     */
    public record Options(
            TemporalAddress address,
            List<Class<?>> workflows,
            List<Object> activities,
            List<WorkerInterceptor> interceptors,
            boolean searchAttributes,
            @Nullable Path readyFile) {

        public Options {
            workflows = List.copyOf(workflows);
            activities = List.copyOf(activities);
            interceptors = List.copyOf(interceptors);
        }

        public static Options at(TemporalAddress address) {
            return new Options(address, List.of(), List.of(), List.of(), true, null);
        }

        public Options workflows(Class<?>... types) {
            return new Options(address, List.of(types), activities, interceptors, searchAttributes, readyFile);
        }

        public Options activities(Object... implementations) {
            return new Options(address, workflows, List.of(implementations), interceptors, searchAttributes, readyFile);
        }

        public Options interceptors(WorkerInterceptor... hooks) {
            return new Options(address, workflows, activities, List.of(hooks), searchAttributes, readyFile);
        }

        public Options withoutSearchAttributes() {
            return new Options(address, workflows, activities, interceptors, false, readyFile);
        }

        public Options readyFile(Path file) {
            return new Options(address, workflows, activities, interceptors, searchAttributes, file);
        }
    }

    private RunbookWorker(TemporalConnection connection, WorkerFactory factory, @Nullable Path readyFile) {
        this.connection = connection;
        this.factory = factory;
        this.readyFile = readyFile;
    }

    /** Waits for Temporal as long as it takes, and returns when the worker polls. */
    public static RunbookWorker start(Options options) {
        Path readyFile = options.readyFile();
        if (readyFile != null) {
            ReadyFile.remove(readyFile);
        }
        TemporalConnection connection = TemporalConnection.open(options.address(), TemporalConnection.FOR_EVER);
        try {
            if (options.searchAttributes()) {
                SearchAttributes.register(connection);
            }
            RunbookWorker worker = new RunbookWorker(connection, polling(connection, options), readyFile);
            LOG.info("Polls task queue {} of {} as {}.", TASK_QUEUE, connection.address(), worker.identity());
            worker.writeReadyFile();
            return worker;
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static WorkerFactory polling(TemporalConnection connection, Options options) {
        WorkerFactory factory = WorkerFactory.newInstance(
                connection.client(),
                WorkerFactoryOptions.newBuilder()
                        .setWorkerInterceptors(options.interceptors().toArray(WorkerInterceptor[]::new))
                        .build());
        Worker worker = factory.newWorker(
                TASK_QUEUE,
                WorkerOptions.newBuilder()
                        .setMaxConcurrentActivityExecutionSize(PLACES)
                        .setMaxHeartbeatThrottleInterval(HEARTBEAT_INTERVAL)
                        .setDefaultHeartbeatThrottleInterval(HEARTBEAT_INTERVAL)
                        .setDefaultDeadlockDetectionTimeout(DEADLOCK_MILLIS)
                        .build());
        worker.registerWorkflowImplementationTypes(options.workflows().toArray(Class<?>[]::new));
        worker.registerActivitiesImplementations(options.activities().toArray());
        factory.start();
        return factory;
    }

    private void writeReadyFile() {
        if (readyFile == null) {
            return;
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("temporal", connection.address().address());
        facts.put("namespace", connection.address().namespace());
        facts.put("taskQueue", TASK_QUEUE);
        facts.put("identity", identity());
        facts.put("pid", ProcessHandle.current().pid());
        ReadyFile.write(readyFile, facts);
    }

    /** The connection that the worker polls through; it closes with the worker. */
    public TemporalConnection connection() {
        return connection;
    }

    /** The name under which histories show this worker. */
    public String identity() {
        return connection.client().getOptions().getIdentity();
    }

    /** Takes no more work, lets running work come to an end, interrupts what does not. */
    @Override
    public void close() {
        if (readyFile != null) {
            ReadyFile.remove(readyFile);
        }
        Instant graceEnds = Instant.now().plusSeconds(GRACE_SECONDS);
        factory.shutdown();
        factory.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS);
        if (!factory.isTerminated()) {
            // A worker with nothing registered never says that it has terminated.
            if (Instant.now().isAfter(graceEnds)) {
                LOG.warn("Work still runs after {} s and is interrupted; the next worker repeats it.", GRACE_SECONDS);
            }
            factory.shutdownNow();
            factory.awaitTermination(INTERRUPTED_SECONDS, TimeUnit.SECONDS);
        }
        connection.close();
    }
}
