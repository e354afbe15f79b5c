package runbook.engine;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.name;
import static runbook.generated.engine.Tables.SCRIPT;

import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jooq.JSONB;
import runbook.message.Run;

/**
 * The DDL of a migration, folder by folder, run by Flyway: one lock-taking statement a script, short lock waits, bounded
 * tries. A wait in a lock queue holds the application up behind us, so we wait outside of it.
 */
public final class Scripts {

    private Scripts() {}

    /** Creates or updates the engine's own tables. */
    public static void install(Target target) {
        flyway(target, "classpath:db/runbook", "flyway_history", null).migrate();
    }

    /** Creates the old shape of a bundled migration, for samples and tests. */
    public static void createLegacy(Target target, String migration) {
        flyway(target, location(migration, "legacy"), history(migration, "legacy"), null)
                .migrate();
    }

    /** What a folder holds and what is still to be applied, in order. */
    public static List<String> pending(Target target, String migration, String folder) {
        return List.of(flyway(target, location(migration, folder), history(migration, folder), null)
                        .info()
                        .pending())
                .stream()
                .map(MigrationInfo::getScript)
                .toList();
    }

    /**
     * Applies what is not applied yet.
     *
     * @return how many scripts the folder holds
     */
    static int apply(Target target, Run run, String folder, Pulse pulse) {
        if (ScriptFolder.texts(run.migration(), folder).isEmpty()) {
            return 0;
        }
        LockWatch watch = new LockWatch(
                ScriptFolder.texts(run.migration(), folder),
                () -> target.inTransaction(tx -> {
                    Runs.fence(tx, run);
                    return run;
                }));
        Flyway flyway = flyway(target, location(run.migration(), folder), history(run.migration(), folder), watch);
        return Tries.forLocks(target, run, folder, pulse, tries -> {
            try {
                repairFailed(flyway);
                flyway.migrate();
            } finally {
                keep(target, run, folder, watch, tries);
            }
            return flyway.info().applied().length;
        });
    }

    /** Forgets that the folder was applied, so that a new run finds a clean base. */
    static void forget(Target target, String migration, String folder) {
        target.dsl()
                .dropTableIfExists(name("runbook", history(migration, folder)))
                .execute();
    }

    /** A script outside of a transaction that failed is noted as failed; only then is anything rewritten. */
    private static void repairFailed(Flyway flyway) {
        for (MigrationInfo script : flyway.info().all()) {
            if (script.getState().isFailed()) {
                flyway.repair();
                return;
            }
        }
    }

    private static void keep(Target target, Run run, String folder, LockWatch watch, int tries) {
        for (LockWatch.Taken taken : watch.drain()) {
            target.dsl()
                    .insertInto(SCRIPT)
                    .set(SCRIPT.RUN, run.id())
                    .set(SCRIPT.FOLDER, folder)
                    .set(SCRIPT.SCRIPT_, taken.script())
                    .set(SCRIPT.MILLIS, taken.millis())
                    .set(SCRIPT.TRIES, tries)
                    .set(SCRIPT.LOCKS, JSONB.valueOf(Json.write(taken.locks())))
                    .set(SCRIPT.AT, currentOffsetDateTime())
                    .onConflict(SCRIPT.RUN, SCRIPT.FOLDER, SCRIPT.SCRIPT_)
                    .doNothing()
                    .execute();
        }
    }

    private static String location(String migration, String folder) {
        return "classpath:db/" + migration + "/" + folder;
    }

    private static String history(String migration, String folder) {
        return "history_" + migration + "_" + folder;
    }

    private static Flyway flyway(
            Target target, String location, String history, @org.jspecify.annotations.Nullable LockWatch watch) {
        var configuration = Flyway.configure(ScriptFolder.loader())
                .dataSource(target.sessions())
                .schemas("runbook")
                .table(history)
                .locations(location)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .placeholderReplacement(false)
                .cleanDisabled(true)
                .failOnMissingLocations(true);
        // Its own session would idle in a transaction and hold CREATE INDEX CONCURRENTLY up for ever.
        configuration
                .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        if (watch != null) {
            configuration.callbacks(watch);
        }
        return configuration.load();
    }
}
