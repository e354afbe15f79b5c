package runbook.cli.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import runbook.engine.RunbookException;
import runbook.worker.WholeFile;

/** The server process and its data folder: made once, started and stopped any number of times. */
final class PostgresServer {

    /** Crash recovery of a kept store is in it; a fresh one needs a tenth of a second. */
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private static final long LOOK_AGAIN_MILLIS = 20;

    /** In postmaster.pid: the process on the first line, its state on the eighth. */
    private static final int STATE_LINE = 7;

    private final Path folder;
    private final boolean kept;
    private final Map<String, String> settings;
    private final Unprivileged unprivileged;
    private final PostgresBinaries binaries;
    private @Nullable GuardedProcess process;

    PostgresServer(Path folder, boolean kept, Map<String, String> settings, Unprivileged unprivileged) {
        this.folder = folder;
        this.kept = kept;
        this.settings = Map.copyOf(settings);
        this.unprivileged = unprivileged;
        this.binaries = PostgresBinaries.unpackedFor(unprivileged);
    }

    /** Makes the data folder where there is none; a start that is killed here leaves none. */
    void initialize(String superuserPassword) {
        if (Files.exists(files())) {
            refuseOtherVersion();
            return;
        }
        Path fresh = folder.resolve("data.new");
        Path password = folder.resolve("superuser-password");
        Folders.delete(fresh);
        try {
            WholeFile.write(password, superuserPassword);
            Files.createDirectory(fresh);
            unprivileged.give(folder, fresh, password);
            List<String> command = unprivileged.command(
                    binaries.program("initdb"),
                    "--pgdata=" + fresh,
                    "--username=" + Role.SUPERUSER.user(),
                    "--pwfile=" + password,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8");
            command.addAll(locale());
            if (!kept) {
                command.add("--no-sync");
            }
            run(command);
            Files.move(fresh, files());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Folders.delete(password);
        }
    }

    /** One collation on every machine, and one that knows letters beyond ASCII where the server has it built in. */
    private List<String> locale() {
        return major() >= 17
                ? List.of("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
                : List.of("--no-locale");
    }

    private int major() {
        // initdb (PostgreSQL) 18.6
        String version = run(unprivileged.command(binaries.program("initdb"), "--version"));
        String number = version.strip().substring(version.strip().lastIndexOf(' ') + 1);
        return Integer.parseInt(number.substring(0, number.indexOf('.')));
    }

    private void refuseOtherVersion() {
        try {
            int found = Integer.parseInt(
                    Files.readString(files().resolve("PG_VERSION")).strip());
            if (found != major()) {
                throw new RunbookException("dev: " + folder + " holds a store of PostgreSQL " + found
                        + ", the embedded server is " + major() + ". Nothing was started or changed."
                        + " Choose another --dir, or remove this one.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the server on this port and returns when it takes connections. */
    void start(int port) {
        Predecessor.await(lock(), "postgres");
        List<String> command = unprivileged.command(binaries.program("postgres"), "-D", files().toString());
        settings(port).forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        GuardedProcess started = GuardedProcess.start(command, "INT", log(), kept ? null : folder);
        process = started;
        Instant deadline = Instant.now().plus(LONGEST_START);
        while (!ready(started)) {
            if (!started.alive() || Instant.now().isAfter(deadline)) {
                started.stop("QUIT");
                throw new RunbookException(
                        "dev: PostgreSQL did not start on port " + port + ". Its log ends:\n" + Folders.tail(log(), 8));
            }
            sleep();
        }
    }

    private Map<String, String> settings(int port) {
        Map<String, String> all = new TreeMap<>();
        if (!kept) {
            // Nothing here outlives the process, so nothing needs to reach the disk.
            all.put("fsync", "off");
            all.put("full_page_writes", "off");
        }
        all.putAll(settings);
        all.put("listen_addresses", "127.0.0.1");
        all.put("port", String.valueOf(port));
        all.put("unix_socket_directories", "");
        return all;
    }

    private boolean ready(GuardedProcess started) {
        List<String> lines = Predecessor.lines(lock());
        return lines.size() > STATE_LINE
                && lines.get(0).equals(String.valueOf(started.pid()))
                && lines.get(STATE_LINE).startsWith("ready");
    }

    /** Ends the sessions, writes everything out, stops. */
    void stop() {
        if (process != null) {
            process.stop();
            process = null;
        }
    }

    /** Stops as a crash would. */
    void crash() {
        if (process != null) {
            process.stop("QUIT");
            process = null;
        }
    }

    long pid() {
        if (process == null) {
            throw new IllegalStateException("PostgreSQL is stopped");
        }
        return process.pid();
    }

    Path log() {
        return folder.resolve("postgres.log");
    }

    private Path lock() {
        return files().resolve("postmaster.pid");
    }

    private Path files() {
        return folder.resolve("data");
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL starts", e);
        }
    }

    private static String run(List<String> command) {
        try {
            Process program = new ProcessBuilder(new ArrayList<>(command))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (program.waitFor() != 0) {
                throw new RunbookException("dev: " + command.get(0) + " ended with " + program.exitValue()
                        + ". Nothing is running. It said:\n" + output.strip());
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL is made", e);
        }
    }
}
