package runbook.engine.backup;

import static runbook.generated.engine.Tables.MIGRATION_RUN;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import runbook.engine.Pulse;
import runbook.engine.RunbookException;
import runbook.engine.Target;

/** Puts tables of a backup back, in one transaction: all of them or none. */
public final class Restore {

    private static final Logger LOG = LoggerFactory.getLogger(Restore.class);

    /** An autovacuum of a large table gives way after a second or two, a long transaction after half a minute. */
    private static final List<Duration> RESTS =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30));

    /** Not the lock in time, a deadlock: nothing was changed, the same again may do. */
    private static final Set<String> GAVE_WAY = Set.of("55P03", "40P01");

    private static final String STATE = "Nothing was changed.";

    private final Target target;
    private final Stored stored;
    private final List<SavedTable> tables;
    private final RestoreRequest request;
    private final AtomicLong bytes = new AtomicLong();
    private volatile String doing = "verifying files";

    private Restore(Target target, Path folder, RestoreRequest request) {
        this.target = target;
        this.stored = Stored.open(folder);
        this.request = request;
        this.tables = request.table()
                .map(this::named)
                .map(List::of)
                .orElse(stored.manifest().tables());
    }

    /**
     * Makes tables equal to the backup by ordinary writes to the rows that differ, or makes copies in another schema, or
     * only tells what it would do.
     *
     * @throws RunbookException when the folder is corrupt, an open run forbids it, or the tables no longer fit
     */
    public static RestoreFacts run(Target target, Path folder, RestoreRequest request, Pulse pulse) {
        Restore restore = new Restore(target, folder, request);
        if (!request.ofOpenRun() && !request.dryRun() && request.into().isEmpty()) {
            refuseWhileOpen(target.dsl());
        }
        return restore.attended(pulse);
    }

    private RestoreFacts attended(Pulse pulse) {
        AtomicReference<Session> open = new AtomicReference<>();
        Attended attended =
                new Attended(pulse, () -> new Headway(doing, 0, tables.size(), bytes.get()), () -> cancel(open.get()));
        return attended.run(() -> {
            for (SavedTable table : tables) {
                stored.verify(table, bytes);
            }
            return patiently(open);
        });
    }

    /** Whoever holds a lock, autovacuum for one, is waited for outside of the lock queue: writers would queue up too. */
    private RestoreFacts patiently(AtomicReference<Session> open) throws SQLException, InterruptedException {
        for (int tries = 0; ; tries++) {
            try (Session session = new Session(target.sessions(), target.dsl())) {
                open.set(session);
                return inside(session);
            } catch (RunbookException e) {
                if (tries == RESTS.size() || !GAVE_WAY.contains(Failure.code(e))) {
                    throw e;
                }
            }
            Duration rest = RESTS.get(tries);
            LOG.info("restore: {}: another session holds a lock, trying again in {} s", doing, rest.toSeconds());
            Thread.sleep(rest.toMillis());
        }
    }

    private RestoreFacts inside(Session session) {
        long began = System.nanoTime();
        try {
            if (request.dryRun()) {
                session.dsl().execute("set transaction isolation level repeatable read");
            }
            session.faithful();
            Set<String> notes = new LinkedHashSet<>();
            List<TableRestore> done = request.into().isPresent()
                    ? new Beside(session, stored, request).copy(tables, what -> doing = what)
                    : new InPlace(session, stored, request.dryRun(), notes).merge(tables, what -> doing = what);
            if (!request.dryRun()) {
                session.commit();
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            return new RestoreFacts(!request.dryRun(), millis, done, List.copyOf(notes));
        } catch (SQLException | IOException | DataAccessException e) {
            throw Failure.at("restore: " + doing, STATE, e);
        }
    }

    private SavedTable named(String name) {
        return stored.manifest().tables().stream()
                .filter(table -> table.name().toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new RunbookException("restore: " + stored.folder() + " holds no table '" + name
                        + "'; it holds " + stored.manifest().names() + ". " + STATE));
    }

    private static void refuseWhileOpen(DSLContext dsl) {
        boolean known = dsl.fetchSingle("select pg_catalog.to_regclass('runbook.migration_run') is not null as known")
                .get("known", Boolean.class);
        if (!known) {
            return;
        }
        dsl.selectFrom(MIGRATION_RUN)
                .where(MIGRATION_RUN.ENDED_AT.isNull())
                .orderBy(MIGRATION_RUN.ID)
                .limit(1)
                .fetchOptional()
                .ifPresent(run -> {
                    throw new RunbookException("restore: run " + run.getId() + " of " + run.getMigration()
                            + " is open in this database and would meet rows that it does not expect. " + STATE
                            + " End the run first: send it 'rollback' or 'abort'; or restore into another schema.");
                });
    }

    private static void cancel(@Nullable Session session) {
        if (session != null) {
            session.cancel();
        }
    }
}
