package runbook.engine.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import runbook.engine.Pulse;
import runbook.engine.RunbookException;
import runbook.engine.Target;
import runbook.message.Run;

/**
 * Restores a backup into a scratch database on the same server and compares it there. A corrupt folder is an exception
 * that names file and table; rows that differ are a verdict.
 */
public final class Drill {

    private final Target target;
    private final Scratch.Owner owner;
    private final Pulse pulse;
    private final Consumer<Scratch> between;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private volatile String doing = "verifying files";

    private Drill(Target target, Scratch.Owner owner, Pulse pulse, Consumer<Scratch> between) {
        this.target = target;
        this.owner = owner;
        this.pulse = pulse;
        this.between = between;
    }

    /** A drill of a run; what killed drills of the same run left behind is dropped, whoever is connected to it. */
    public static Drill of(Target target, Run run, Pulse pulse) {
        return of(target, run, pulse, scratch -> {});
    }

    /** @param between called after the restore and before the comparison */
    static Drill of(Target target, Run run, Pulse pulse, Consumer<Scratch> between) {
        return new Drill(target, new Scratch.Owner(run.migration(), run.id()), pulse, between);
    }

    /** A drill that a person asked for outside of any run. */
    public static Drill byHand(Target target, Pulse pulse) {
        return new Drill(target, new Scratch.Owner("by_hand", 0), pulse, scratch -> {});
    }

    /**
     * Takes a backup as {@link Backup#take} does and drills it while its snapshot is held: every row is compared with the
     * source, {@code EXCEPT ALL} both ways. The folder gets its name after that, so an attempt that was killed begins
     * again in a clean one. A backup that is under the name already was drilled so; its snapshot is gone, and it is
     * drilled once more, by its fingerprints.
     */
    public ProvedBackup takeAndCompare(List<Table<?>> tables, Path folder) {
        Backup backup = new Backup(target, tables, Unfinished.DISK);
        if (Files.exists(folder)) {
            Stored stored = backup.found(folder);
            return new ProvedBackup(stored.facts(), drill(stored, null));
        }
        Scratch.demand(target.dsl());
        try (Snapshot snapshot = backup.snapshot()) {
            Backup.Kept<DrillFacts> kept = backup.takeAt(snapshot, folder, pulse, stored -> drill(stored, snapshot));
            return new ProvedBackup(kept.stored().facts(), kept.proof());
        } catch (SQLException | DataAccessException e) {
            throw Failure.at("drill", "The backup is not verified. Send the signal 'retry'.", e);
        }
    }

    /** Drills a backup from its folder alone, by the row counts and fingerprints that were taken at its snapshot. */
    public DrillFacts restoreAndCompare(Path folder) {
        return drill(Stored.open(folder), null);
    }

    private DrillFacts drill(Stored stored, @Nullable Snapshot snapshot) {
        verify(stored);
        try (Scratch scratch = Scratch.create(target, owner)) {
            Attended attended = attended(stored, () -> {
                scratch.cancel();
                if (snapshot != null) {
                    snapshot.cancel();
                }
            });
            return attended.run(() -> inside(stored, scratch, snapshot));
        }
    }

    private void verify(Stored stored) {
        attended(stored, () -> {}).run(() -> {
            for (SavedTable table : stored.manifest().tables()) {
                stored.verify(table, bytes);
                done.incrementAndGet();
            }
            return stored;
        });
    }

    private DrillFacts inside(Stored stored, Scratch scratch, @Nullable Snapshot snapshot)
            throws SQLException, IOException {
        done.set(0);
        long began = System.nanoTime();
        try (Session session = scratch.session()) {
            new Rebuild(stored, session, what -> doing = what).run();
            session.commit();
        }
        long restored = System.nanoTime();
        between.accept(scratch);
        List<TableDrill> tables = new ArrayList<>();
        try (Session session = scratch.session()) {
            demandEqualHashes(stored.manifest(), session);
            for (SavedTable table : stored.manifest().tables()) {
                doing = "comparing " + table.name();
                tables.add(new Comparing(session, snapshot).compare(table));
                done.incrementAndGet();
            }
        }
        boolean equal = tables.stream().allMatch(TableDrill::equal);
        return new DrillFacts(
                equal ? DrillFacts.EQUAL : DrillFacts.DIFFERENT,
                snapshot != null,
                TimeUnit.NANOSECONDS.toMillis(restored - began),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - restored),
                tables);
    }

    /** PostgreSQL does not promise equal hashes on every platform, so it is asked. */
    private static void demandEqualHashes(Manifest manifest, Session session) {
        String probe = Rows.probe(session.dsl());
        if (!probe.equals(manifest.probe())) {
            throw new RunbookException("drill: this server hashes rows otherwise than server " + manifest.server()
                    + " that was backed up, so fingerprints cannot be compared. The backup is not verified."
                    + " Drill it on a server of the same kind.");
        }
    }

    private Attended attended(Stored stored, Runnable cancel) {
        int tables = stored.manifest().tables().size();
        return new Attended(pulse, () -> new Headway(doing, done.get(), tables, bytes.get()), cancel);
    }
}
