package runbook.cli.dev;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import runbook.engine.RunbookException;

/**
 * A process that ends when this JVM ends, however that comes about. A small shell stands between the two and reads a
 * pipe that only this JVM holds open: a line on it names the signal to stop with; its end, which {@code kill -9} brings
 * about too, stops the process and removes the folder it lived in.
 */
final class GuardedProcess {

    /** Longer than the guard waits before it kills, so that the guard decides and not we. */
    private static final long LONGEST_STOP_SECONDS = 40;

    /**
     * Arguments: the usual signal, the log, the folder, {@code setsid} or nothing, the command. With setsid the command
     * leads a process group, and the group is signalled and waited for: the command may be a script that has the real
     * program as its child. It also keeps Ctrl-C in a terminal from the command; we stop things in their order.
     */
    private static final String GUARD = """
            usual=$1 log=$2 folder=$3 setsid=$4 abandoned=
            shift 4
            exec 3<&0 </dev/null
            trap : HUP INT QUIT TERM
            trap 'abandoned=yes' USR1
            ${setsid:+"$setsid"} "$@" 3<&- >>"$log" 2>&1 &
            child=$!
            echo "$child"
            exec >/dev/null 2>&1
            all=${setsid:+-}$child
            (
                trap '' HUP INT QUIT TERM
                await() {
                    left=$1
                    while [ "$left" -gt 0 ] && kill -s 0 -- "$all"; do sleep 1; left=$((left - 1)); done
                }
                read -r signal <&3 || kill -s USR1 $$
                signal=${signal:-$usual}
                kill -s "$signal" -- "$all" || kill -s "$signal" "$child"
                await 20
                kill -s QUIT -- "$all" && await 5
                kill -s KILL -- "$all"
            ) &
            watch=$!
            while kill -s 0 "$child"; do wait "$child"; code=$?; done
            while kill -s 0 -- "$all"; do sleep 1; done
            kill -s KILL "$watch"
            [ -z "$abandoned" ] || [ -z "$folder" ] || rm -rf -- "$folder"
            exit "${code:-0}"
            """;

    private final Process guard;
    private final long pid;
    private final String usualSignal;

    private GuardedProcess(Process guard, long pid, String usualSignal) {
        this.guard = guard;
        this.pid = pid;
        this.usualSignal = usualSignal;
    }

    /**
     * Starts a command.
     *
     * @param usualSignal the signal by which the command ends in order, by its name (INT, TERM)
     * @param log where its output goes
     * @param folder what the guard removes when this JVM is gone without having stopped the command, or null
     */
    static GuardedProcess start(List<String> command, String usualSignal, Path log, @Nullable Path folder) {
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "guard", usualSignal, log.toString()));
        line.add(folder == null ? "" : folder.toString());
        line.add(Executables.find("setsid").map(Path::toString).orElse(""));
        line.addAll(command);
        try {
            Process guard = new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new GuardedProcess(guard, announced(guard, command), usualSignal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long announced(Process guard, List<String> command) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(guard.getInputStream(), StandardCharsets.US_ASCII));
        String pid = output.readLine();
        if (pid == null) {
            throw new RunbookException(
                    "dev: " + command.get(0)
                            + " was not started: the shell that guards it ended at once. Nothing is running; /bin/sh must work.");
        }
        return Long.parseLong(pid);
    }

    /** The process itself, not the guard. */
    long pid() {
        return pid;
    }

    boolean alive() {
        return guard.isAlive();
    }

    /** Stops the process in order. */
    void stop() {
        stop(usualSignal);
    }

    /** Sends a signal by its name and waits until the process is gone. */
    void stop(String signal) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        try {
            if (guard.isAlive()) {
                guard.getOutputStream().write((signal + "\n").getBytes(StandardCharsets.US_ASCII));
                guard.getOutputStream().flush();
            }
            if (!guard.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
                process.ifPresent(ProcessHandle::destroyForcibly);
                guard.destroyForcibly();
            }
        } catch (IOException e) {
            // The guard ended between the look and the write, and with it the process.
            guard.destroyForcibly();
        } catch (InterruptedException e) {
            process.ifPresent(ProcessHandle::destroyForcibly);
            guard.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
