package runbook.cli.dev;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import runbook.engine.RunbookException;

/**
 * How PostgreSQL's programs, which refuse to run as root, are started all the same: as they are for anyone else; for
 * root in a user namespace where it is nobody; where that is forbidden (most containers), as the real nobody, who is
 * then given the data folder.
 */
record Unprivileged(List<String> prefix, @Nullable Integer owner) {

    private static final int NOBODY = 65534;

    Unprivileged {
        prefix = List.copyOf(prefix);
    }

    static Unprivileged here() {
        if (new UnixSystem().getUid() != 0) {
            return new Unprivileged(List.of(), null);
        }
        return namespace()
                .or(Unprivileged::nobody)
                .orElseThrow(() -> new RunbookException(
                        "dev: PostgreSQL refuses to run as root, and neither 'unshare -U' nor 'setpriv' is allowed here."
                                + " Nothing was started. Run the command as another user."));
    }

    static Optional<Unprivileged> namespace() {
        return working(List.of("unshare", "-U"), null);
    }

    static Optional<Unprivileged> nobody() {
        String id = String.valueOf(NOBODY);
        return working(List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups"), NOBODY);
    }

    private static Optional<Unprivileged> working(List<String> prefix, @Nullable Integer owner) {
        Optional<Path> program = Executables.find(prefix.get(0));
        if (program.isEmpty()) {
            return Optional.empty();
        }
        Unprivileged found = new Unprivileged(prefix, owner);
        try {
            Process probe = new ProcessBuilder(found.command("true"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean works = probe.waitFor(10, TimeUnit.SECONDS) && probe.exitValue() == 0;
            return works ? Optional.of(found) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking for a way to start PostgreSQL", e);
        }
    }

    List<String> command(String... line) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(Arrays.asList(line));
        return command;
    }

    /** Hands files over to whom the programs run as, and lets them pass through the folder that holds the files. */
    void give(Path folder, Path... files) {
        if (owner == null) {
            return;
        }
        try {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            for (Path file : files) {
                Files.setAttribute(file, "unix:uid", owner);
                Files.setAttribute(file, "unix:gid", owner);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
