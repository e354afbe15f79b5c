package runbook.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import runbook.Eventually;
import runbook.cli.dev.DevTemporal;

/** A {@link StallingWorker} in a process of its own. */
final class OtherWorker implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;
    private final Path stalled;

    private OtherWorker(Process process, Path log, Path stalled) {
        this.process = process;
        this.log = log;
        this.stalled = stalled;
    }

    /** Starts one that stalls at this point; it sees the services that this JVM sees. */
    static OtherWorker stalling(String point, DevTemporal server, Path folder) throws Exception {
        return start(List.of(), point, server, folder);
    }

    /** Starts one that never stalls, by another program. */
    static OtherWorker within(List<String> program, DevTemporal server, Path folder) throws Exception {
        return start(program, "never", server, folder);
    }

    private static OtherWorker start(List<String> program, String point, DevTemporal server, Path folder)
            throws Exception {
        Path home = Files.createTempDirectory(folder, "worker");
        Path ready = home.resolve("ready.json");
        Path stalled = home.resolve("stalled");
        Path log = home.resolve("log");
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                // What a worker in production writes, not what a test does.
                "-Dlogback.configurationFile=logback.xml",
                "-Dorg.postgresql.pgservicefile=" + System.getProperty("org.postgresql.pgservicefile"),
                "-Dorg.postgresql.pgpassfile=" + System.getProperty("org.postgresql.pgpassfile"),
                "-cp",
                System.getProperty("java.class.path"),
                StallingWorker.class.getName(),
                server.address(),
                ready.toString(),
                stalled.toString(),
                point));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        OtherWorker worker = new OtherWorker(process, log, stalled);
        Eventually.holds("the worker polls", PATIENCE, () -> worker.alive() && Files.exists(ready));
        return worker;
    }

    /** Waits until it has stalled, then kills it as {@code kill -9} does. */
    void killWhereItStalls() throws Exception {
        Eventually.holds("the worker stalls", PATIENCE, () -> alive() && Files.exists(stalled));
        kill();
    }

    /** Everything that it has written. */
    String log() throws IOException {
        return Files.readString(log);
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    private boolean alive() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("the worker has ended: " + log());
        }
        return true;
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
