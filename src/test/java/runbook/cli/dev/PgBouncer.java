package runbook.cli.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import runbook.Eventually;

/** A PgBouncer before a server, which lends a connection for one transaction at a time. */
public final class PgBouncer implements AutoCloseable {

    private final Path folder;
    private final GuardedProcess process;
    private final int port;

    private PgBouncer(Path folder, GuardedProcess process, int port) {
        this.folder = folder;
        this.process = process;
        this.port = port;
    }

    /** The program, where it is installed: Debian puts it where only root looks. */
    public static Optional<Path> program() {
        return Executables.find("pgbouncer", System.getenv().getOrDefault("PATH", "") + ":/usr/sbin");
    }

    /** Starts one on the loopback address; it knows one user. */
    public static PgBouncer before(DevPostgres server, Role role, String password) throws Exception {
        Path folder = Folders.temporary("runbook-pgbouncer-");
        Unprivileged unprivileged = Unprivileged.here();
        int port = LoopbackPort.free();
        Path users = write(folder.resolve("users"), "\"%s\" \"%s\"\n".formatted(role.user(), password));
        Path settings = write(folder.resolve("pgbouncer.ini"), """
                [databases]
                * = host=127.0.0.1 port=%d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = md5
                auth_file = %s
                pool_mode = transaction
                ignore_startup_parameters = extra_float_digits
                """.formatted(server.port(), port, users));
        unprivileged.give(folder, users, settings);
        Path log = folder.resolve("log");
        GuardedProcess process = GuardedProcess.start(
                unprivileged.command(program().orElseThrow().toString(), settings.toString()), "INT", log, folder);
        PgBouncer started = new PgBouncer(folder, process, port);
        Eventually.holds("PgBouncer listens", Duration.ofSeconds(20), () -> {
            if (!process.alive()) {
                throw new AssertionError(Folders.tail(log, 10));
            }
            return LoopbackPort.taken(port);
        });
        return started;
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.stop();
        Folders.delete(folder);
    }
}
