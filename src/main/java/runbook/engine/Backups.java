package runbook.engine;

import static runbook.generated.engine.Tables.BACKUP;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import runbook.engine.backup.Backup;
import runbook.engine.backup.BackupFacts;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Migration;

/** The backup of a run: where it is, and whether it has been restored and compared. */
public final class Backups {

    private Backups() {}

    /** Backs the touched tables up; a repeated attempt begins with a clean folder. */
    public static PhaseReport take(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        Results.begin(target, request);
        BackupFacts facts = Backup.take(target, migration.tables(), folder(request), pulse);
        target.dsl()
                .insertInto(BACKUP)
                .set(BACKUP.RUN, request.run().id())
                .set(BACKUP.FOLDER, facts.folder().toString())
                .set(BACKUP.MANIFEST, facts.manifest())
                .set(BACKUP.ROWS, facts.rows())
                .set(BACKUP.BYTES, facts.bytes())
                .set(BACKUP.TAKEN_AT, facts.takenAt().atOffset(ZoneOffset.UTC))
                .execute();
        return report(facts.rows(), facts.bytes(), "not drilled yet");
    }

    private static PhaseReport report(long rows, long bytes, String drill) {
        return new PhaseReport(
                Verdict.PASSED,
                rows + " rows, " + bytes / 1_000_000 + " MB, drill " + drill,
                List.of(),
                Map.of("rows", rows, "bytes", bytes),
                List.of());
    }

    /** One folder per attempt, so that a second backup never overwrites the only one. */
    private static Path folder(PhaseRequest request) {
        Run run = request.run();
        return Path.of(request.start().backups())
                .toAbsolutePath()
                .resolve(run.migration() + "-run" + run.id() + "-" + request.attempt());
    }
}
