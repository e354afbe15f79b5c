package runbook.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that only its owner may read; readers see the old text or the new one, never a part. */
public final class WholeFile {

    private WholeFile() {}

    public static void write(Path file, String text) {
        Path target = file.toAbsolutePath();
        try {
            Path fresh = Files.createTempFile(target.getParent(), ".", ".new");
            Files.writeString(fresh, text);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
