package runbook.cli.dev;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import runbook.engine.RunbookException;

/** PostgreSQL's programs, unpacked once per version into a cache and shared by every later start. */
record PostgresBinaries(Path home) {

    /** For root who runs PostgreSQL as nobody: nobody may not look into root's own cache. */
    private static final Path SYSTEM_CACHE = Path.of("/var/cache/runbook");

    /** The programs in a place where those who run them can get at them. */
    static PostgresBinaries unpackedFor(Unprivileged unprivileged) {
        try {
            byte[] archive = archive();
            Path cache = unprivileged.owner() == null ? cache() : SYSTEM_CACHE;
            Path home = cache.resolve("postgresql-" + fingerprint(archive));
            if (!Files.exists(home)) {
                unpack(archive, Files.createDirectories(cache), home);
            }
            return new PostgresBinaries(home);
        } catch (IOException e) {
            throw new RunbookException(
                    "dev: PostgreSQL could not be unpacked: " + e + ". Nothing was started."
                            + " The folder comes from XDG_CACHE_HOME, else ~/.cache: it must be writable.",
                    e);
        }
    }

    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    private static byte[] archive() throws IOException {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String system = os.startsWith("mac") ? "Darwin" : os.startsWith("windows") ? "Windows" : "Linux";
        String architecture = System.getProperty("os.arch");
        try (InputStream archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
                system, architecture.equals("amd64") ? "x86_64" : architecture)) {
            return archive.readAllBytes();
        }
    }

    private static Path cache() {
        String named = System.getenv("XDG_CACHE_HOME");
        Path base =
                named == null || named.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(named);
        return base.resolve("runbook");
    }

    private static String fingerprint(byte[] archive) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(archive);
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Into a folder beside the final one, renamed when complete: a start that is killed here spoils nothing. */
    private static void unpack(byte[] archive, Path cache, Path home) throws IOException {
        Path fresh = Files.createTempDirectory(cache, "unpacking-");
        try {
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
            try (TarArchiveInputStream entries =
                    new TarArchiveInputStream(new XZCompressorInputStream(new ByteArrayInputStream(archive)))) {
                for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                    write(entries, entry, fresh.resolve(entry.getName()));
                }
            }
            Files.move(fresh, home);
        } catch (FileSystemException e) {
            if (!Files.exists(home)) {
                throw e;
            }
        } finally {
            Folders.delete(fresh);
        }
    }

    private static void write(TarArchiveInputStream entries, TarArchiveEntry entry, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
            Files.copy(entries, file);
            boolean program = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }
}
