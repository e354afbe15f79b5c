package runbook.engine.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import runbook.engine.Pulse;
import runbook.engine.RunbookException;
import runbook.engine.Target;

/**
 * Saves tables at one snapshot. The folder appears under its name when it is whole and on disk, or not at all; an attempt
 * that was killed leaves a {@code .partial} folder, which the next one removes.
 */
public final class Backup {

    /** Two keep a production server's other processors free, and hold the snapshot half as long as one. */
    private static final int SIDE_BY_SIDE = 2;

    private static final String CURE = "Nothing was saved; the unfinished folder was removed. Send the signal 'retry'.";

    private final Target target;
    private final List<TableName> tables;
    private final Unfinished.Place place;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger done = new AtomicInteger();

    Backup(Target target, List<Table<?>> tables, Unfinished.Place place) {
        this.target = target;
        this.tables = tables.stream().map(TableName::of).distinct().sorted().toList();
        this.place = place;
    }

    /**
     * Saves the tables into the folder. A whole backup of the same tables that is there already is left as it is and
     * described.
     *
     * @throws RunbookException when anything forbids a whole backup; then there is no folder
     */
    public static BackupFacts take(Target target, List<Table<?>> tables, Path folder, Pulse pulse) {
        Backup backup = new Backup(target, tables, Unfinished.DISK);
        if (Files.exists(folder)) {
            return backup.found(folder).facts();
        }
        try (Snapshot snapshot = backup.snapshot()) {
            return backup.takeAt(snapshot, folder, pulse, stored -> stored)
                    .stored()
                    .facts();
        } catch (SQLException | DataAccessException e) {
            throw Failure.at("backup", CURE, e);
        }
    }

    /**
     * What the folder holds, by its manifest; compare {@link BackupFacts#manifest} with what was noted when it was taken.
     *
     * @throws RunbookException when there is no whole backup in it
     */
    public static BackupFacts describe(Path folder) {
        return Stored.open(folder).facts();
    }

    /** The whole backup of our tables that is in the folder. */
    Stored found(Path folder) {
        Stored stored = Stored.open(folder);
        if (!stored.manifest().names().equals(tables)) {
            throw new RunbookException("backup: " + folder + " holds a backup of "
                    + stored.manifest().names() + ", expected one of " + tables
                    + " or no folder. Nothing was saved. Name another folder.");
        }
        return stored;
    }

    /** The moment that is saved, once nothing speaks against reading every table whole. */
    Snapshot snapshot() throws SQLException {
        Readiness.demand(target.dsl(), tables);
        try {
            return Snapshot.of(target, tables);
        } catch (DataAccessException e) {
            throw Failure.at("backup: " + tables, CURE, e);
        }
    }

    /**
     * A backup under its name, and what was found out before it got it.
     *
     * @param stored read back from the folder
     */
    record Kept<P>(Stored stored, P proof) {}

    /**
     * Saves the tables at the snapshot.
     *
     * @param proof looks at the whole backup before the folder gets its name; when it throws, there is no folder
     */
    <P> Kept<P> takeAt(Snapshot snapshot, Path folder, Pulse pulse, Function<Stored, P> proof) {
        long needed = Readiness.bytes(target.dsl(), tables);
        try (Unfinished unfinished = Unfinished.begin(folder, place)) {
            Room room = new Room(unfinished, needed);
            room.demand();
            seal(room, saveAll(snapshot, room, pulse));
            P proved = proof.apply(Stored.open(unfinished.partial()));
            finish(room);
            return new Kept<>(Stored.open(unfinished.folder()), proved);
        } catch (IOException e) {
            throw new RunbookException("backup: " + folder + ": " + e + ". " + CURE, e);
        }
    }

    private Manifest saveAll(Snapshot snapshot, Room room, Pulse pulse) {
        Attended attended = new Attended(pulse, this::headway, snapshot::cancel);
        Surroundings.Found around =
                attended.run(() -> Surroundings.around(snapshot.holder().dsl(), tables));
        List<Callable<SavedTable>> works = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            int number = i + 1;
            works.add(() -> save(snapshot, tables.get(number - 1), number, room));
        }
        return manifest(snapshot, around, attended.run(works, SIDE_BY_SIDE));
    }

    private Headway headway() {
        return new Headway("backing up", done.get(), tables.size(), bytes.get());
    }

    private SavedTable save(Snapshot snapshot, TableName table, int number, Room room) {
        try (Session session = snapshot.join()) {
            Shape shape = new Shapes(session.dsl()).of(table);
            String file = fileName(number, table);
            Packing packing = new Packing(room.unfinished().create(file), bytes);
            long rows;
            try (packing) {
                rows = session.copyOut(Rows.copyOut(table, shape.saved()), packing::write);
            }
            Rows.Fingerprint fingerprint = Rows.fingerprint(session.dsl(), table, shape.compared());
            if (fingerprint.rows() != rows) {
                throw new RunbookException("backup: " + table + ": COPY gave " + rows
                        + " rows where a count at the same snapshot finds " + fingerprint.rows() + ". " + CURE);
            }
            done.incrementAndGet();
            return new SavedTable(shape, file, rows, fingerprint.sum(), packing.bytes(), packing.sha256());
        } catch (IOException e) {
            throw room.explain(e);
        } catch (SQLException | DataAccessException e) {
            throw Failure.at("backup: " + table, CURE, e);
        }
    }

    private Manifest manifest(Snapshot snapshot, Surroundings.Found around, List<SavedTable> saved) {
        DSLContext dsl = snapshot.holder().dsl();
        return new Manifest(
                Manifest.FORMAT,
                setting(dsl, "pg_catalog.current_database()"),
                setting(dsl, "pg_catalog.current_setting('server_version')"),
                Host.here(),
                setting(dsl, "pg_catalog.current_setting('server_encoding')"),
                Rows.probe(dsl),
                snapshot.id(),
                snapshot.lsn(),
                snapshot.takenAt().toString(),
                Instant.now().toString(),
                around.needed(),
                Sequences.of(dsl, tables, around.sequences()),
                saved,
                around.missing());
    }

    private static String setting(DSLContext dsl, String expression) {
        return dsl.fetchSingle("select " + expression + " as value").get("value", String.class);
    }

    private static void seal(Room room, Manifest manifest) {
        byte[] json = Stored.bytes(manifest);
        StringBuilder sums = new StringBuilder();
        manifest.tables().forEach(table -> sums.append(sum(table.sha256(), table.file())));
        sums.append(sum(Stored.hash(json), Manifest.FILE));
        try {
            write(room.unfinished(), Manifest.FILE, json);
            write(room.unfinished(), Manifest.SUMS, sums.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw room.explain(e);
        }
    }

    private static void finish(Room room) {
        try {
            room.unfinished().finish();
        } catch (IOException e) {
            throw room.explain(e);
        }
    }

    private static String sum(String sha256, String file) {
        return sha256 + "  " + file + "\n";
    }

    private static void write(Unfinished unfinished, String name, byte[] content) throws IOException {
        try (OutputStream out = unfinished.create(name)) {
            out.write(content);
        }
    }

    /** The number alone tells files apart; the rest is for people, in letters that every file system takes. */
    private static String fileName(int number, TableName table) {
        return "%04d-%s.%s.copy.gz".formatted(number, plain(table.schema()), plain(table.name()));
    }

    private static String plain(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9_-]", "_");
        return plain.substring(0, Math.min(40, plain.length()));
    }
}
