package runbook.engine.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import runbook.engine.RunbookException;

/** A finished backup folder. Nothing in it is believed before its hash was compared. */
final class Stored {

    private static final int PIECE = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Manifest manifest;
    private final String hash;

    private Stored(Path folder, Manifest manifest, String hash) {
        this.folder = folder;
        this.manifest = manifest;
        this.hash = hash;
    }

    /** Reads the manifest, whole and unchanged, of a format that this release knows. */
    static Stored open(Path folder) {
        Path file = folder.resolve(Manifest.FILE);
        try {
            byte[] bytes = Files.readAllBytes(file);
            String found = hash(bytes);
            String expected = listed(folder);
            if (!found.equals(expected)) {
                throw broken(
                        file,
                        "SHA-256 " + found + ", expected " + (expected == null ? "one in " : expected + " as in ")
                                + Manifest.SUMS);
            }
            JsonNode tree = JSON.readTree(bytes);
            int format = tree.path("format").asInt(0);
            if (format != Manifest.FORMAT) {
                throw broken(
                        file,
                        "format " + format + ", expected " + Manifest.FORMAT
                                + ": it was written by another release, which can restore it");
            }
            return new Stored(folder, JSON.treeToValue(tree, Manifest.class), found);
        } catch (NoSuchFileException e) {
            throw broken(Path.of(String.valueOf(e.getMessage())), "not there, expected a file");
        } catch (JsonProcessingException e) {
            throw broken(file, "not readable as JSON at line " + e.getLocation().getLineNr() + ", expected a manifest");
        } catch (IOException e) {
            throw new RunbookException("backup: " + file + " cannot be read: " + e, e);
        }
    }

    static byte[] bytes(Manifest manifest) {
        try {
            String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(manifest);
            return (text + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("every manifest is writable as JSON", e);
        }
    }

    static String hash(byte[] bytes) {
        return HexFormat.of().formatHex(Packing.sha256Digest().digest(bytes));
    }

    Path folder() {
        return folder;
    }

    Manifest manifest() {
        return manifest;
    }

    BackupFacts facts() {
        return new BackupFacts(
                folder,
                manifest.host(),
                hash,
                manifest.tables().size(),
                manifest.rows(),
                manifest.bytes(),
                manifest.moment());
    }

    /** Compares the file of a table with the manifest. */
    void verify(SavedTable table, AtomicLong total) throws IOException {
        Path file = folder.resolve(table.file());
        MessageDigest digest = Packing.sha256Digest();
        long size = 0;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] piece = new byte[PIECE];
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                digest.update(piece, 0, length);
                size += length;
                total.addAndGet(length);
            }
        } catch (NoSuchFileException e) {
            throw broken(file, "not there, expected the rows of " + table.name());
        }
        if (size != table.bytes()) {
            throw broken(file, size + " bytes, expected " + table.bytes() + " with the rows of " + table.name());
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(table.sha256())) {
            throw broken(
                    file, "SHA-256 " + found + ", expected " + table.sha256() + " for the rows of " + table.name());
        }
    }

    /** Hands on what COPY wrote. */
    Session.Source rows(SavedTable table) {
        return sink -> {
            try (InputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve(table.file())), PIECE)) {
                byte[] piece = new byte[PIECE];
                for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                    sink.take(Arrays.copyOf(piece, length));
                }
            }
        };
    }

    private static @Nullable String listed(Path folder) throws IOException {
        for (String line : Files.readAllLines(folder.resolve(Manifest.SUMS))) {
            if (line.endsWith("  " + Manifest.FILE)) {
                return line.substring(0, line.indexOf(' '));
            }
        }
        return null;
    }

    private static RunbookException broken(Path file, String found) {
        return new RunbookException("backup: " + file + ": " + found
                + ". The backup is not used. Bring the file back, or take a new backup: send the signal 'retry'.");
    }
}
