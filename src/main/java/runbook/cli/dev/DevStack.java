package runbook.cli.dev;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import runbook.engine.RunbookException;
import runbook.worker.ReadyFile;
import runbook.worker.RunbookWorker;
import runbook.worker.TemporalAddress;

/**
 * Both servers and whatever the caller hooks onto them, started in order and stopped in the opposite one: by
 * {@link #close()}, by Ctrl-C or SIGTERM, or because a later part could not start.
 */
public final class DevStack implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DevStack.class);

    private final @Nullable Path readyFile;
    private final Deque<Part> running = new ArrayDeque<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread atExit = new Thread(this::end, "dev-stack-end");
    private boolean ending;
    private @Nullable DevTemporal temporal;
    private @Nullable DevPostgres postgres;

    /** Something that runs on the stack: what it returns is closed before the servers stop. */
    @FunctionalInterface
    public interface Hook {
        AutoCloseable start(DevStack stack) throws Exception;
    }

    private record Part(String name, AutoCloseable running) {}

    private record NamedHook(String name, Hook hook) {}

    /**
     * How to start.
     *
     * @param dir where both stores are kept from start to start, or null
     * @param postgres settings of the database server; its folder is given by {@code dir}
     * @param temporal settings of the Temporal server; likewise
     * @param hooks started in this order when both servers are up
     * @param readyFile written when all is up, or null
     */
    public record Options(
            @Nullable Path dir,
            DevPostgres.Options postgres,
            DevTemporal.Options temporal,
            List<NamedHook> hooks,
            @Nullable Path readyFile) {

        public Options {
            hooks = List.copyOf(hooks);
        }

        public static Options temporary() {
            return new Options(null, DevPostgres.Options.temporary(), DevTemporal.Options.temporary(), List.of(), null);
        }

        public Options keptIn(Path dir) {
            return new Options(
                    dir,
                    postgres.keptIn(dir.resolve("postgres")),
                    temporal.keptIn(dir.resolve("temporal")),
                    hooks,
                    readyFile);
        }

        /** Ports of PostgreSQL, Temporal and the Web UI; 0 for a free one. */
        public Options onPorts(int postgresPort, int temporalPort, int uiPort) {
            return new Options(
                    dir, postgres.onPort(postgresPort), temporal.onPorts(temporalPort, uiPort), hooks, readyFile);
        }

        /** Where to look for {@code temporal}, as the environment variable PATH. */
        public Options lookingIn(String path) {
            return new Options(dir, postgres, temporal.lookingIn(path), hooks, readyFile);
        }

        public Options readyFile(Path file) {
            return new Options(dir, postgres, temporal, hooks, file);
        }

        /** Adds a part by the name that the log and the errors give it. */
        public Options then(String name, Hook hook) {
            List<NamedHook> more = new ArrayList<>(hooks);
            more.add(new NamedHook(name, hook));
            return new Options(dir, postgres, temporal, more, readyFile);
        }
    }

    private DevStack(@Nullable Path readyFile) {
        this.readyFile = readyFile;
    }

    /** Starts everything; when it returns, all is up and the ready file is there. */
    public static DevStack start(Options options) {
        DevStack stack = new DevStack(options.readyFile());
        Runtime.getRuntime().addShutdownHook(stack.atExit);
        try {
            stack.startParts(options);
            return stack;
        } catch (RuntimeException | Error e) {
            stack.close();
            throw e;
        }
    }

    private void startParts(Options options) {
        if (readyFile != null) {
            ReadyFile.remove(readyFile);
        }
        // Temporal first: where its store cannot be kept, nothing should have been started.
        temporal = keep("temporal", DevTemporal.start(options.temporal()));
        postgres = keep("postgres", DevPostgres.start(options.postgres()));
        postgres.publish();
        for (NamedHook named : options.hooks()) {
            keep(named.name(), started(named));
        }
        if (readyFile != null) {
            Path file = readyFile;
            ReadyFile.write(file, facts());
            keep("ready file", () -> ReadyFile.remove(file));
        }
    }

    private AutoCloseable started(NamedHook named) {
        try {
            return named.hook().start(this);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new RunbookException(
                    "dev: the " + named.name() + " did not start: " + e + ". Everything else was stopped again.", e);
        }
    }

    /** Remembers a part to be stopped, or stops it at once where the end came while it was starting. */
    private <T extends AutoCloseable> T keep(String name, T part) {
        synchronized (running) {
            if (!ending) {
                running.push(new Part(name, part));
                LOG.debug("{} is up.", name);
                return part;
            }
        }
        stop(new Part(name, part));
        throw new RunbookException("dev: stopped while the " + name + " was starting. Nothing is running.");
    }

    private void end() {
        List<Part> parts;
        synchronized (running) {
            ending = true;
            parts = List.copyOf(running);
            running.clear();
        }
        parts.forEach(DevStack::stop);
        ended.countDown();
    }

    /** A part that does not stop as it should must not keep the others from being stopped. */
    private static void stop(Part part) {
        try {
            part.running().close();
        } catch (Exception e) {
            LOG.error("{} did not stop in order.", part.name(), e);
        }
    }

    /** What a program needs to use the stack, as the ready file has it. */
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("temporal", temporal().address());
        facts.put("ui", temporal().uiAddress().orElse(null));
        facts.put("namespace", temporal().namespace());
        facts.put("taskQueue", RunbookWorker.TASK_QUEUE);
        facts.put("jdbcUrl", postgres().dev().jdbcUrl());
        facts.put("user", Role.RUNBOOK.user());
        facts.put("pgServiceFile", postgres().serviceFile().toString());
        facts.put("pgPassFile", postgres().passFile().toString());
        facts.put("target", postgres().dev().service(Role.RUNBOOK));
        facts.put("pids", pids());
        return facts;
    }

    /** Our own process, PostgreSQL's, and Temporal's where it has one. */
    public Map<String, Long> pids() {
        Map<String, Long> pids = new LinkedHashMap<>();
        pids.put("dev", ProcessHandle.current().pid());
        pids.put("postgres", postgres().pid());
        temporal().pid().ifPresent(pid -> pids.put("temporal", pid));
        return pids;
    }

    public DevTemporal temporal() {
        if (temporal == null) {
            throw new IllegalStateException("Temporal is not up yet");
        }
        return temporal;
    }

    public DevPostgres postgres() {
        if (postgres == null) {
            throw new IllegalStateException("PostgreSQL is not up yet");
        }
        return postgres;
    }

    /** For a worker or a client of this stack. */
    public TemporalAddress address() {
        return TemporalAddress.of(temporal().address(), temporal().namespace());
    }

    /** Returns when the stack has ended, whoever ended it. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            LOG.debug("The JVM is ending already.", e);
        }
    }
}
