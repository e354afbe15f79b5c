package runbook.cli.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A hot standby: the files of a server that was stopped, told to wait for more of its log. */
public final class Standby implements AutoCloseable {

    private final Path folder;
    private final DevPostgres original;
    private final PostgresServer server;
    private final int port;

    private Standby(DevPostgres original, Path folder, PostgresServer server, int port) {
        this.original = original;
        this.folder = folder;
        this.server = server;
        this.port = port;
    }

    /** Copies the files of a server that does not run now. */
    public static Standby of(DevPostgres stopped) throws IOException {
        return of(stopped, Map.of());
    }

    /** The same, of a server that will run again on its port: the standby follows it. */
    public static Standby following(DevPostgres stopped) throws IOException {
        return of(
                stopped,
                Map.of(
                        "primary_conninfo",
                        "host=127.0.0.1 port=%d user=%s password=%s"
                                .formatted(stopped.port(), Role.SUPERUSER.user(), password(stopped))));
    }

    private static Standby of(DevPostgres stopped, Map<String, String> settings) throws IOException {
        Path folder = Folders.temporary("runbook-standby-");
        Files.setPosixFilePermissions(folder, Files.getPosixFilePermissions(home(stopped)));
        copy(home(stopped).resolve("data"), folder.resolve("data"));
        Files.deleteIfExists(folder.resolve("data/postmaster.pid"));
        copy(home(stopped).resolve("data/PG_VERSION"), folder.resolve("data/standby.signal"));
        PostgresServer server = new PostgresServer(folder, false, settings, Unprivileged.here());
        int port = LoopbackPort.free();
        server.start(port);
        return new Standby(stopped, folder, server, port);
    }

    private static String password(DevPostgres server) throws IOException {
        return Files.readAllLines(server.passFile()).stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields[3].equals(Role.SUPERUSER.user()))
                .map(fields -> fields[4])
                .findFirst()
                .orElseThrow();
    }

    private static Path home(DevPostgres server) {
        return server.serviceFile().getParent();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            List<Path> files = tree.toList();
            for (Path file : files) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    public int port() {
        return port;
    }

    /** A superuser's connection to its database {@code dev}. */
    public Connection connect() throws Exception {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/dev", Role.SUPERUSER.user(), password(original));
    }

    @Override
    public void close() {
        server.stop();
        Folders.delete(folder);
    }
}
