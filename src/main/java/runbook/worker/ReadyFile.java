package runbook.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A file that says "ready": it appears whole, once everything that it tells of is up. */
public final class ReadyFile {

    private ReadyFile() {}

    /** Writes the facts as one JSON object. */
    public static void write(Path file, Map<String, ?> facts) {
        try {
            WholeFile.write(
                    file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(facts) + "\n");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes back a file of an earlier start, or of this one at its end. */
    public static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
