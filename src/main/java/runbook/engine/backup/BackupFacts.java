package runbook.engine.backup;

import java.nio.file.Path;
import java.time.Instant;

/**
 * What a backup holds.
 *
 * @param host the machine of the worker that wrote it
 * @param manifest SHA-256 of {@code manifest.json} in hex, which covers all files
 * @param bytes of all files, compressed
 * @param takenAt the moment of the snapshot, by the server's clock
 */
public record BackupFacts(
        Path folder, String host, String manifest, int tables, long rows, long bytes, Instant takenAt) {}
