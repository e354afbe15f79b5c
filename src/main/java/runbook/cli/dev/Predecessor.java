package runbook.cli.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import runbook.engine.RunbookException;

/** The server that worked on a store before: after {@code kill -9} of its JVM, its guard is still stopping it. */
final class Predecessor {

    /** As long as a guard takes at worst. */
    private static final long LONGEST_STOP_SECONDS = 30;

    private Predecessor() {}

    /**
     * Waits until the process named on the first line of a file is gone, and removes the file. Process ids come again,
     * soonest in containers: one that runs another program by now counts as gone.
     */
    static void await(Path pidFile, String program) {
        Optional<ProcessHandle> running = firstLine(pidFile)
                .flatMap(line -> ProcessHandle.of(Long.parseLong(line)))
                .filter(handle -> handle.info().command().orElse("").endsWith(program));
        try {
            if (running.isPresent()) {
                running.get().onExit().get(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
            }
            Files.deleteIfExists(pidFile);
        } catch (TimeoutException | ExecutionException e) {
            throw new RunbookException(
                    "dev: " + program + " (process "
                            + running.map(ProcessHandle::pid).orElse(0L) + ") still runs on "
                            + pidFile.getParent() + " and does not end. Nothing was started."
                            + " Stop that process, or choose another --dir.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while an earlier " + program + " ends", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> firstLine(Path pidFile) {
        return lines(pidFile).stream().findFirst().map(String::strip).filter(line -> line.matches("[0-9]+"));
    }

    /** The lines of a file that comes and goes. */
    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
