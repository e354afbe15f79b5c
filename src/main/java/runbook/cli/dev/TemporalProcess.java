package runbook.cli.dev;

import com.google.protobuf.util.Durations;
import io.grpc.StatusRuntimeException;
import io.temporal.api.namespace.v1.NamespaceConfig;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.UpdateNamespaceRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import runbook.engine.RunbookException;
import runbook.worker.RunbookWorker;
import runbook.worker.WholeFile;

/** {@code temporal server start-dev} as a process of ours. */
final class TemporalProcess implements DevTemporal.Server {

    private static final Duration LONGEST_START = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_MILLIS = 50;
    private static final int PORT_ATTEMPTS = 3;

    /** A run is looked at long after its end; the server's own 24 h would have dropped it. */
    private static final long RETENTION_DAYS = 30;

    private final Path program;
    private final boolean kept;
    private final Path folder;
    private final @Nullable FolderLock lock;
    private @Nullable GuardedProcess process;
    private int port;
    private int uiPort;

    private TemporalProcess(Path program, @Nullable Path dir) {
        this.program = program;
        this.kept = dir != null;
        this.folder = dir == null ? Folders.temporary("runbook-temporal-") : Folders.secret(dir);
        this.lock = kept ? FolderLock.take(folder, "temporal") : null;
    }

    static TemporalProcess start(Path program, DevTemporal.Options options, String namespace) {
        TemporalProcess server = new TemporalProcess(program, options.dir());
        try {
            Predecessor.await(server.pidFile(), "temporal");
            int attempt = 1;
            while (!server.startedOn(options, namespace)) {
                String log = Folders.tail(server.log(), 8);
                if (attempt++ == PORT_ATTEMPTS || !LoopbackPort.blamedBy(log)) {
                    throw new RunbookException("dev: 'temporal server start-dev' did not start on port " + server.port
                            + ". Nothing is running. Its log ends:\n" + log);
                }
            }
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private boolean startedOn(DevTemporal.Options options, String namespace) {
        port = options.port() == 0 ? LoopbackPort.free() : options.port();
        uiPort = options.uiPort() == 0 ? LoopbackPort.free() : options.uiPort();
        GuardedProcess started = GuardedProcess.start(command(), "TERM", log(), kept ? null : folder);
        process = started;
        WholeFile.write(pidFile(), started.pid() + "\n");
        boolean answers = answers(started, namespace);
        if (!answers) {
            started.stop();
        }
        return answers;
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(program.toString(), "server", "start-dev"));
        command.addAll(List.of("--ip", "127.0.0.1", "--port", String.valueOf(port)));
        command.addAll(List.of("--ui-port", String.valueOf(uiPort)));
        command.addAll(List.of("--log-level", "error"));
        command.addAll(List.of("--search-attribute", RunbookWorker.SEARCH_ATTRIBUTE + "=Keyword"));
        if (knows("--ui-disable-news-fetch")) {
            command.add("--ui-disable-news-fetch");
        }
        if (kept) {
            command.addAll(
                    List.of("--db-filename", folder.resolve("temporal.db").toString()));
        }
        return command;
    }

    private boolean knows(String option) {
        try {
            Process help = new ProcessBuilder(program.toString(), "server", "start-dev", "--help")
                    .redirectErrorStream(true)
                    .start();
            return new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8).contains(option);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers(GuardedProcess started, String namespace) {
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget("127.0.0.1:" + port)
                .build());
        try {
            Instant deadline = Instant.now().plus(LONGEST_START);
            while (started.alive() && Instant.now().isBefore(deadline)) {
                if (settled(stubs.blockingStub(), namespace)) {
                    return true;
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            stubs.shutdownNow();
        }
    }

    private static boolean settled(WorkflowServiceGrpc.WorkflowServiceBlockingStub server, String namespace) {
        try {
            server.withDeadlineAfter(2, TimeUnit.SECONDS)
                    .describeNamespace(DescribeNamespaceRequest.newBuilder()
                            .setNamespace(namespace)
                            .build());
            server.withDeadlineAfter(5, TimeUnit.SECONDS)
                    .updateNamespace(UpdateNamespaceRequest.newBuilder()
                            .setNamespace(namespace)
                            .setConfig(NamespaceConfig.newBuilder()
                                    .setWorkflowExecutionRetentionTtl(Durations.fromDays(RETENTION_DAYS)))
                            .build());
            return true;
        } catch (StatusRuntimeException notYet) {
            return false;
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Optional<Integer> uiPort() {
        return Optional.of(uiPort);
    }

    @Override
    public OptionalLong pid() {
        return process == null ? OptionalLong.empty() : OptionalLong.of(process.pid());
    }

    private Path pidFile() {
        return folder.resolve("temporal.pid");
    }

    private Path log() {
        return folder.resolve("temporal.log");
    }

    @Override
    public void close() {
        if (process != null) {
            process.stop();
        }
        if (lock != null) {
            lock.close();
        }
        if (!kept) {
            Folders.delete(folder);
        }
    }
}
