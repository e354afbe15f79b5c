package runbook.cli;

import static runbook.generated.engine.Tables.CONTROL;
import static runbook.generated.engine.Tables.MIGRATION_RUN;
import static runbook.generated.engine.Tables.PHASE;

import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import runbook.cli.dev.DevStack;
import runbook.cli.dev.Role;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.engine.account.Accounts;
import runbook.generated.engine.tables.records.MigrationRunRecord;
import runbook.sample.ApplicationWriter;
import runbook.sample.Counts;
import runbook.sample.Samples;
import runbook.sample.WriterSettings;
import runbook.spi.Migration;

/**
 * The application of a dev stack. It releases itself: once the cutover has passed, the version that no longer knows the
 * old shape goes out, as people would see to before they approve the clean-up; when a run goes back, so does the version.
 */
final class DevApplication implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DevApplication.class);

    private static final long LOOK_MILLIS = 300;

    private static final long TELL_NANOS = 3_000_000_000L;

    private final DevStack stack;
    private final Migration migration;
    private final Targets targets = new Targets();
    private final ScheduledExecutorService releases = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "application-releases");
        thread.setDaemon(true);
        return thread;
    });
    private ApplicationWriter writer;
    private boolean newShape;
    private long told = System.nanoTime();

    private DevApplication(DevStack stack, Migration migration) throws SQLException {
        this.stack = stack;
        this.migration = migration;
        this.writer = write();
    }

    static DevApplication start(DevStack stack, Migration migration) throws SQLException {
        DevApplication application = new DevApplication(stack, migration);
        application.release();
        var unused = application.releases.scheduleWithFixedDelay(
                application::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return application;
    }

    private ApplicationWriter write() throws SQLException {
        return Samples.named(migration.name())
                .writer(WriterSettings.on(() -> stack.postgres().dev().connect(Role.APP))
                        .forgetting());
    }

    /** One look that fails must not end the ones after it: the database may be restarted while people play. */
    private void look() {
        try {
            release();
            tell();
        } catch (DataAccessException | SQLException e) {
            LOG.debug("The database does not answer; looking again.", e);
        }
    }

    private synchronized void release() throws SQLException {
        boolean wanted = cutOver();
        if (wanted == newShape) {
            return;
        }
        newShape = wanted;
        if (wanted) {
            writer.useNewShapeOnly();
        } else {
            writer.close();
            writer = write();
        }
        LOG.info(
                "The application's release that {} is out.",
                wanted ? "knows the new shape alone" : "knows the old shape");
    }

    /** What it measured of itself, for the report of an open run. */
    private synchronized void tell() {
        if (System.nanoTime() - told < TELL_NANOS) {
            return;
        }
        told = System.nanoTime();
        Target target = targets.named(stack.postgres().dev().service(Role.RUNBOOK));
        Accounts.runs(target, migration.name()).stream()
                .filter(run -> run.endedAt() == null)
                .forEach(run -> ApplicationTimes.tell(target, run, writer));
    }

    private boolean cutOver() {
        Target target = targets.named(stack.postgres().dev().service(Role.RUNBOOK));
        if (Accounts.runs(target, migration.name()).isEmpty()) {
            return false;
        }
        DSLContext dsl = target.dsl();
        MigrationRunRecord run = dsl.selectFrom(MIGRATION_RUN)
                .where(MIGRATION_RUN.MIGRATION.eq(migration.name()))
                .orderBy(MIGRATION_RUN.ID.desc())
                .limit(1)
                .fetchSingle();
        if (run.getEndedAt() != null) {
            return run.getState().equals("completed");
        }
        return dsl.fetchExists(PHASE, PHASE.RUN.eq(run.getId()), PHASE.PHASE_.eq("cutover"), PHASE.VERDICT.eq("passed"))
                && !dsl.fetchExists(PHASE, PHASE.RUN.eq(run.getId()), PHASE.PHASE_.eq("rollback"))
                && !dsl.fetchExists(CONTROL, CONTROL.RUN.eq(run.getId()), CONTROL.WANTED.eq("abort"));
    }

    @Override
    public void close() {
        releases.shutdownNow();
        synchronized (this) {
            writer.close();
            Counts counts = writer.counts();
            LOG.info(
                    "The application made {} changes in {} transactions and met {} errors.",
                    counts.changes(),
                    counts.transactions(),
                    counts.applicationErrors());
            writer.applicationErrors().stream().limit(3).forEach(error -> LOG.warn("It met: {}", error));
        }
        targets.close();
    }
}
