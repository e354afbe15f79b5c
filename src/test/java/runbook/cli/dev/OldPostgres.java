package runbook.cli.dev;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** A server of a major version that is too old, from binaries that the build has put into {@code target}. */
public final class OldPostgres implements AutoCloseable {

    private static final Path ARCHIVES = Path.of("target", "old-postgres");

    private final Path folder;
    private final GuardedProcess process;
    private final int port;

    private OldPostgres(Path folder, GuardedProcess process, int port) {
        this.folder = folder;
        this.process = process;
        this.port = port;
    }

    /** Starts it with one superuser, who needs no password. */
    public static OldPostgres start() throws Exception {
        Path folder = Folders.temporary("runbook-old-postgres-");
        Path home = folder.resolve("programs");
        unpack(home);
        Unprivileged unprivileged = Unprivileged.here();
        Path data = Files.createDirectory(folder.resolve("data"));
        unprivileged.give(folder, data);
        Path log = folder.resolve("log");
        run(unprivileged.command(
                home.resolve("bin/initdb").toString(),
                "--pgdata=" + data,
                "--username=" + Role.SUPERUSER.user(),
                "--auth=trust",
                "--no-locale",
                "--encoding=UTF8",
                "--no-sync"));
        int port = LoopbackPort.free();
        GuardedProcess process = GuardedProcess.start(
                unprivileged.command(
                        home.resolve("bin/postgres").toString(),
                        "-D",
                        data.toString(),
                        "-c",
                        "port=" + port,
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=off"),
                "INT",
                log,
                folder);
        return new OldPostgres(folder, process, port);
    }

    private static void unpack(Path home) throws IOException {
        Files.createDirectory(home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        try (Stream<Path> archives = Files.list(ARCHIVES)) {
            Path archive = archives.filter(file -> file.toString().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no archive in " + ARCHIVES));
            try (InputStream file = Files.newInputStream(archive);
                    TarArchiveInputStream entries = new TarArchiveInputStream(new XZCompressorInputStream(file))) {
                for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                    write(entries, entry, home.resolve(entry.getName()));
                }
            }
        }
    }

    private static void write(InputStream entries, TarArchiveEntry entry, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
        } else if (entry.isSymbolicLink()) {
            Files.createDirectories(file.getParent());
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
            Files.createDirectories(file.getParent());
            Files.copy(entries, file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static void run(List<String> command) throws Exception {
        Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(program.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (program.waitFor() != 0) {
            throw new IOException(said);
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
