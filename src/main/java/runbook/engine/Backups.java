package runbook.engine;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static runbook.generated.engine.Tables.BACKUP;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import runbook.engine.backup.Backup;
import runbook.engine.backup.BackupFacts;
import runbook.engine.backup.Drill;
import runbook.engine.backup.DrillFacts;
import runbook.engine.backup.Host;
import runbook.engine.backup.ProvedBackup;
import runbook.generated.engine.tables.records.BackupRecord;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Verdict;
import runbook.spi.Migration;

/** The backup of a run: where it is, and whether it has been restored and compared. */
public final class Backups {

    private Backups() {}

    /**
     * Backs the touched tables up and drills the backup while its snapshot is held. An attempt that was killed is
     * finished or begun again in a clean folder.
     */
    public static PhaseReport take(Target target, PhaseRequest request, Migration migration, Pulse pulse) {
        Results.begin(target, request);
        ProvedBackup proved =
                Drill.of(target, request.run(), pulse).takeAndCompare(migration.tables(), folder(request));
        BackupFacts facts = proved.backup();
        target.inTransaction(tx -> {
            Runs.fence(tx, request.run());
            tx.deleteFrom(BACKUP)
                    .where(BACKUP.RUN.eq(request.run().id()))
                    .and(BACKUP.FOLDER.eq(facts.folder().toString()))
                    .execute();
            return tx.insertInto(BACKUP)
                    .set(BACKUP.RUN, request.run().id())
                    .set(BACKUP.FOLDER, facts.folder().toString())
                    .set(BACKUP.HOST, facts.host())
                    .set(BACKUP.MANIFEST, facts.manifest())
                    .set(BACKUP.ROWS, facts.rows())
                    .set(BACKUP.BYTES, facts.bytes())
                    .set(BACKUP.TAKEN_AT, facts.takenAt().atOffset(ZoneOffset.UTC))
                    .set(BACKUP.DRILL, proved.drill().verdict())
                    .set(BACKUP.DRILLED_AT, currentOffsetDateTime())
                    .set(BACKUP.RESTORE_MILLIS, proved.drill().restoreMillis())
                    .execute();
        });
        return Results.end(target, request, report(facts, proved.drill()));
    }

    /**
     * Drills the newest backup once more, from its folder alone.
     *
     * @throws RunbookException.Parked when the folder is on another machine, or holds another backup than the one that was noted when it was taken
     */
    public static PhaseReport drill(Target target, PhaseRequest request, Pulse pulse) {
        BackupRecord newest = target.dsl()
                .selectFrom(BACKUP)
                .where(BACKUP.RUN.eq(request.run().id()))
                .orderBy(BACKUP.ID.desc())
                .limit(1)
                .fetchSingle();
        demandTheSame(newest, request.run());
        DrillFacts drill = Drill.of(target, request.run(), pulse).restoreAndCompare(Path.of(newest.getFolder()));
        target.inTransaction(tx -> {
            Runs.fence(tx, request.run());
            return tx.update(BACKUP)
                    .set(BACKUP.DRILL, drill.verdict())
                    .set(BACKUP.DRILLED_AT, currentOffsetDateTime())
                    .set(BACKUP.RESTORE_MILLIS, drill.restoreMillis())
                    .where(BACKUP.ID.eq(newest.getId()))
                    .execute();
        });
        return new PhaseReport(
                drill.equal() ? Verdict.PASSED : Verdict.FAILED,
                "drill from the folder " + drill.verdict(),
                List.of(),
                Map.of(),
                drill.problems());
    }

    /** The sums in a folder prove that it is whole, not that it is ours: both can have been exchanged. */
    private static void demandTheSame(BackupRecord noted, Run run) {
        if (!Files.exists(Path.of(noted.getFolder())) && !noted.getHost().equals(Host.here())) {
            throw new RunbookException.Parked(run.migration() + ": drill: the backup is on host '" + noted.getHost()
                    + "' in folder " + noted.getFolder() + ", and this worker on host '" + Host.here()
                    + "' sees no such folder. Nothing was changed. Let both share the folder, or copy it here under the"
                    + " same name, then send the signal 'retry'.");
        }
        String found = Backup.describe(Path.of(noted.getFolder())).manifest();
        if (!found.equals(noted.getManifest())) {
            throw new RunbookException.Parked(run.migration() + ": drill: " + noted.getFolder()
                    + " holds a manifest with SHA-256 " + found + ", expected " + noted.getManifest()
                    + " as noted when the backup was taken. The backup is not used. Send the signal 'retry' to take"
                    + " another one.");
        }
    }

    private static PhaseReport report(BackupFacts facts, DrillFacts drill) {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("rows", facts.rows());
        counts.put("bytes", facts.bytes());
        counts.put("restore in ms", drill.restoreMillis());
        return new PhaseReport(
                drill.equal() ? Verdict.PASSED : Verdict.FAILED,
                facts.rows() + " rows, drill " + drill.verdict(),
                List.of(),
                counts,
                drill.problems());
    }

    /** One folder per attempt, so that a second backup never overwrites the only one. */
    private static Path folder(PhaseRequest request) {
        Run run = request.run();
        return Path.of(request.start().backups())
                .toAbsolutePath()
                .resolve(run.migration() + "-run" + run.id() + "-" + request.attemptOfRun());
    }
}
