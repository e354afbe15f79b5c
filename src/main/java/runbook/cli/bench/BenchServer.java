package runbook.cli.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.DevPostgres;
import runbook.cli.dev.Role;
import runbook.engine.RunbookException;
import runbook.engine.Target;
import runbook.engine.Targets;

/** A server with fixed settings, and a fresh copy of a filled database for each measurement. */
final class BenchServer implements AutoCloseable {

    /** A write is on disk when it is confirmed, as in production; checkpoints come when an arm begins, not within it. */
    private static final Map<String, String> SETTINGS = settings();

    /** Segments of the log that are there before anything is measured; with 16 MB each, more than an arm writes. */
    private static final int SEGMENTS = 200;

    private final DevPostgres postgres;
    private int number;

    private BenchServer(DevPostgres postgres) {
        this.postgres = postgres;
    }

    static BenchServer start() throws SQLException {
        DevPostgres.Options options = DevPostgres.Options.temporary();
        for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
            options = options.with(setting.getKey(), setting.getValue());
        }
        DevPostgres postgres = DevPostgres.start(options);
        try {
            postgres.publish();
            fillLog(postgres.dev());
            return new BenchServer(postgres);
        } catch (SQLException | RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    /**
     * A server that has been at work for a while has segments of its log to use again; a new one stops every commit for as
     * long as it takes to write the zeros of the next one.
     */
    private static void fillLog(DevDatabase database) throws SQLException {
        try (Connection superuser = database.connect(Role.SUPERUSER);
                Statement statement = superuser.createStatement()) {
            for (int i = 0; i < SEGMENTS; i++) {
                statement.execute("select pg_logical_emit_message(false, 'bench', 'next'), pg_switch_wal()");
            }
        }
        checkpoint(database);
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("fsync", "on");
        settings.put("synchronous_commit", "on");
        settings.put("full_page_writes", "on");
        settings.put("shared_buffers", "1GB");
        settings.put("maintenance_work_mem", "256MB");
        settings.put("wal_level", "replica");
        settings.put("min_wal_size", "4GB");
        settings.put("max_wal_size", "16GB");
        settings.put("checkpoint_timeout", "1h");
        settings.put("autovacuum", "off");
        return settings;
    }

    /** For the reader of the figures. */
    void introduce(Consumer<String> say) {
        say.accept("PostgreSQL " + version() + ", " + Runtime.getRuntime().availableProcessors()
                + " cores, heap of this process at most " + Runtime.getRuntime().maxMemory() / 1_000_000 + " MB");
        StringBuilder text = new StringBuilder();
        SETTINGS.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : ", ").append(name).append(' ').append(value));
        say.accept(text.toString());
    }

    /** Makes a database and fills it once; measurements take copies. */
    DevDatabase template(String name, Filling filling) throws SQLException {
        DevDatabase template = postgres.create(name);
        try (Targets targets = new Targets()) {
            filling.fill(targets.named(template.service(Role.RUNBOOK)));
        }
        try (Connection owner = template.connect(Role.SUPERUSER);
                Statement statement = owner.createStatement()) {
            statement.execute("vacuum (freeze, analyze)");
        }
        return template;
    }

    /** Runs one measurement in a copy that is gone afterwards. */
    <T> T measure(DevDatabase template, Measurement<T> measurement) throws Exception {
        number++;
        DevDatabase copy = postgres.create(template.name() + "_" + number, template);
        try (Targets targets = new Targets()) {
            checkpoint(copy);
            return measurement.take(new Ground(copy, targets.named(copy.service(Role.RUNBOOK))));
        } finally {
            postgres.drop(copy);
        }
    }

    /** When no more copies are needed. */
    void drop(DevDatabase template) {
        postgres.drop(template);
    }

    /** What an arm leaves dirty is not the next one's to write out. */
    private static void checkpoint(DevDatabase database) throws SQLException {
        try (Connection superuser = database.connect(Role.SUPERUSER);
                Statement statement = superuser.createStatement()) {
            statement.execute("checkpoint");
        }
    }

    /** Makes what a template holds, as the role that owns it. */
    @FunctionalInterface
    interface Filling {
        void fill(Target target) throws SQLException;
    }

    /** What is done in a fresh copy. */
    @FunctionalInterface
    interface Measurement<T> {
        T take(Ground ground) throws Exception;
    }

    /** A fresh copy, as the engine and as everybody else finds it. */
    record Ground(DevDatabase database, Target target) {

        /** Runs statements as the owner, outside of any pool; gives the seconds that they took. */
        double seconds(String... statements) throws SQLException {
            try (Connection owner = database.connect(Role.RUNBOOK);
                    Statement statement = owner.createStatement()) {
                long began = System.nanoTime();
                for (String sql : statements) {
                    statement.execute(sql);
                }
                return (System.nanoTime() - began) / 1e9;
            }
        }
    }

    private String version() {
        try (Connection owner = postgres.dev().connect(Role.RUNBOOK)) {
            return owner.getMetaData().getDatabaseProductVersion();
        } catch (SQLException e) {
            throw new RunbookException(
                    "bench: the embedded PostgreSQL stopped answering (SQLSTATE " + e.getSQLState()
                            + "). Nothing else was started.",
                    e);
        }
    }

    @Override
    public void close() {
        postgres.close();
    }
}
