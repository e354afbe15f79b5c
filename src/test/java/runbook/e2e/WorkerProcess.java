package runbook.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import runbook.Eventually;
import runbook.cli.dev.DevPostgres;
import runbook.cli.dev.DevTemporal;

/** {@code ./runbook worker} as a process of its own, which can be killed like one. */
final class WorkerProcess implements AutoCloseable {

    private final Process process;
    private final Path log;

    private WorkerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts a worker and waits until it polls. */
    static WorkerProcess start(DevTemporal server, DevPostgres postgres, Path folder) throws Exception {
        Files.createDirectories(folder);
        Path ready = folder.resolve("ready.json");
        Path log = folder.resolve("worker.log");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "runbook.cli.Main",
                        "worker",
                        "--ready-file",
                        ready.toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "TEMPORAL_ADDRESS", server.address(),
                        "PGSERVICEFILE", postgres.serviceFile().toString(),
                        "PGPASSFILE", postgres.passFile().toString()));
        Process process = builder.start();
        WorkerProcess worker = new WorkerProcess(process, log);
        Eventually.holds("a worker polls: " + log, Operator.PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("the worker ended: " + worker.log());
            }
            return Files.exists(ready);
        });
        return worker;
    }

    /** SIGKILL: nothing is handed over, nothing is cleaned up. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    String log() throws java.io.IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(40, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
