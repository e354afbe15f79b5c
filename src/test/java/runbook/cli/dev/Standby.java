package runbook.cli.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A hot standby: the files of a server that was stopped, told to wait for more of its log. */
public final class Standby implements AutoCloseable {

    private final Path folder;
    private final PostgresServer server;
    private final int port;

    private Standby(Path folder, PostgresServer server, int port) {
        this.folder = folder;
        this.server = server;
        this.port = port;
    }

    /** Copies the files of a server that does not run now. */
    public static Standby of(DevPostgres stopped) throws IOException {
        Path folder = Folders.temporary("runbook-standby-");
        Files.setPosixFilePermissions(folder, Files.getPosixFilePermissions(home(stopped)));
        copy(home(stopped).resolve("data"), folder.resolve("data"));
        Files.deleteIfExists(folder.resolve("data/postmaster.pid"));
        copy(home(stopped).resolve("data/PG_VERSION"), folder.resolve("data/standby.signal"));
        PostgresServer server = new PostgresServer(folder, false, Map.of(), Unprivileged.here());
        int port = LoopbackPort.free();
        server.start(port);
        return new Standby(folder, server, port);
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

    @Override
    public void close() {
        server.stop();
        Folders.delete(folder);
    }
}
