package runbook.hook;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program, without a shell. It reads the notice from its standard input, if it wants to, and agrees by exit code 0. */
record Command(List<String> words) implements Way {

    private static final Logger LOG = LoggerFactory.getLogger(Command.class);

    /** Whether there is such a program now, found as a shell would find it. */
    static boolean found(String program, String path) {
        Stream<Path> places = program.contains(File.separator)
                ? Stream.of(Path.of(program))
                : Stream.of(path.split(File.pathSeparator, -1))
                        .filter(folder -> !folder.isEmpty())
                        .map(folder -> Path.of(folder, program));
        return places.anyMatch(file -> Files.isRegularFile(file) && Files.isExecutable(file));
    }

    @Override
    public String tell(byte[] body, Duration limit) throws InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(words)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            // Its message names the program with its path, and the run's history must not.
            LOG.debug("a command did not start", e);
            return "its command cannot be started.";
        }
        try {
            feed(process, body);
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
                    ? ended(process.exitValue())
                    : "no answer within " + limit + "; it was killed.";
        } finally {
            kill(process);
        }
    }

    /** A notice fits into the pipe, so nobody waits for a program that does not read. */
    private static void feed(Process process, byte[] body) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(body);
        } catch (IOException e) {
            LOG.debug("a command ended without reading what it was told", e);
        }
    }

    private static String ended(int code) {
        return code == 0 ? "" : "exit code " + code + ".";
    }

    /** With all that it started, else a shell's child would go on. */
    private static void kill(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
