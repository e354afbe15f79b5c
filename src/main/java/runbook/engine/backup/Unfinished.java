package runbook.engine.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import runbook.engine.RunbookException;

/**
 * A backup folder before it has its final name. Closed without {@link #finish}, it is gone. Each attempt has a name of
 * its own and removes those of earlier ones: an attempt that outlives its successor's start finds its folder gone,
 * instead of giving its name to the files of another.
 */
final class Unfinished implements AutoCloseable {

    private static final String MARK = ".partial.";
    private static final FileAttribute<?> OWNERS_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> OWNERS_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;
    private final Path partial;
    private final Place place;
    private boolean finished;

    /** Where files come to lie. */
    @FunctionalInterface
    interface Place {
        OutputStream open(Path file) throws IOException;
    }

    /** A folder of this machine; files are readable by their owner alone. */
    static final Place DISK = file -> {
        Files.createFile(file, OWNERS_FILE);
        return Files.newOutputStream(file, StandardOpenOption.WRITE);
    };

    private Unfinished(Path folder, Path partial, Place place) {
        this.folder = folder;
        this.partial = partial;
        this.place = place;
    }

    /** An empty folder beside the final one; what earlier attempts left is removed. */
    static Unfinished begin(Path folder, Place place) {
        Path absolute = folder.toAbsolutePath().normalize();
        byte[] chance = new byte[4];
        new SecureRandom().nextBytes(chance);
        try {
            Path parent = Files.createDirectories(parent(absolute));
            for (Path left : leftovers(parent, absolute)) {
                delete(left);
            }
            String name = absolute.getFileName() + MARK + HexFormat.of().formatHex(chance);
            return new Unfinished(absolute, Files.createDirectory(parent.resolve(name), OWNERS_FOLDER), place);
        } catch (IOException e) {
            throw new RunbookException(
                    "backup: folder " + absolute + " cannot be written ("
                            + e.getClass().getSimpleName() + ": "
                            + e.getMessage() + "). Nothing was saved. Name a folder that the worker may write,"
                            + " then send the signal 'retry'.",
                    e);
        }
    }

    OutputStream create(String name) throws IOException {
        return place.open(partial.resolve(name));
    }

    long usable() throws IOException {
        return Files.getFileStore(partial).getUsableSpace();
    }

    Path folder() {
        return folder;
    }

    Path partial() {
        return partial;
    }

    /** Everything on disk, then the final name: whoever sees the folder sees a whole backup. */
    void finish() throws IOException {
        try (Stream<Path> files = Files.list(partial)) {
            for (Path file : files.toList()) {
                flush(file, StandardOpenOption.WRITE);
            }
        }
        flush(partial, StandardOpenOption.READ);
        Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
        finished = true;
        flush(parent(folder), StandardOpenOption.READ);
    }

    @Override
    public void close() throws IOException {
        if (!finished) {
            delete(partial);
        }
    }

    private static void flush(Path path, StandardOpenOption access) throws IOException {
        try (FileChannel channel = FileChannel.open(path, access)) {
            channel.force(true);
        }
    }

    private static Path parent(Path absolute) {
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new RunbookException(
                    "backup: " + absolute + " is the root of a file system; expected a folder in it");
        }
        return parent;
    }

    private static List<Path> leftovers(Path parent, Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(folder.getFileName() + MARK))
                    .toList();
        }
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        List<Path> tree;
        try (Stream<Path> entries = Files.walk(root)) {
            tree = entries.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path entry : tree) {
            Files.deleteIfExists(entry);
        }
    }
}
