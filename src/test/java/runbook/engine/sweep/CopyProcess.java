package runbook.engine.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link SweepWorker} in a process of its own, which signals can be sent to. */
final class CopyProcess implements AutoCloseable {

    private final Process process;
    private final Path log;

    private CopyProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts one, which stands by.
     *
     * @param folder has its service file, its passwords and its request
     * @param tries how often a slot is tried
     */
    static CopyProcess start(Path folder, int slots, int tries) throws IOException {
        Path log = Files.createTempFile(folder, "worker", ".log");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dlogback.configurationFile=logback.xml",
                        "-Dorg.postgresql.pgservicefile=" + folder.resolve("pg_service.conf"),
                        "-Dorg.postgresql.pgpassfile=" + folder.resolve("pgpass"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SweepWorker.class.getName(),
                        folder.resolve("request.json").toString(),
                        String.valueOf(slots),
                        String.valueOf(tries)))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new CopyProcess(process, log);
    }

    /** Lets it begin. */
    CopyProcess begun() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        return this;
    }

    /** SIGKILL: nothing is handed over, nothing is cleaned up. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGSTOP: it holds what it has, and does nothing. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT: it goes on as if no time had passed. */
    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("SIG" + name + " did not reach the worker: kill ended with " + code);
        }
    }

    /** Whether it has copied all there was; a worker that ended otherwise fails the test. */
    boolean done() throws IOException {
        if (process.isAlive()) {
            return false;
        }
        if (process.exitValue() != 0) {
            throw new AssertionError("a worker ended with " + process.exitValue() + ": " + log());
        }
        return true;
    }

    /** Waits for its end and gives its exit code. */
    int ended(long seconds) throws IOException, InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("a worker still runs after " + seconds + " s: " + log());
        }
        return process.exitValue();
    }

    /** Everything that it has written. */
    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
