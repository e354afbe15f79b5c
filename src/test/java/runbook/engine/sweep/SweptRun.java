package runbook.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import runbook.cli.dev.DevPostgres;
import runbook.cli.dev.Role;
import runbook.engine.Backfills;
import runbook.engine.Catalog;
import runbook.engine.Expansion;
import runbook.engine.Owners;
import runbook.engine.Plan;
import runbook.engine.Pulse;
import runbook.engine.Runs;
import runbook.engine.Scripts;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.message.Admit;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Start;
import runbook.message.StartInput;
import runbook.message.Verdict;
import runbook.migrations.Bundled;
import runbook.sample.ApplicationWriter;
import runbook.sample.Samples;
import runbook.sample.WriterSettings;
import runbook.spi.Migration;

/** A run of {@code individual_process_status} with a server and a proxy of its own, opened up to the copy. */
final class SweptRun implements AutoCloseable {

    private static final String MIGRATION = "individual_process_status";
    private static final List<String> FILES = List.of("org.postgresql.pgservicefile", "org.postgresql.pgpassfile");

    private final List<@Nullable String> usualFiles =
            FILES.stream().<@Nullable String>map(System::getProperty).toList();
    private final Migration migration = new Catalog(Bundled.migrations()).named(MIGRATION);
    private final DevPostgres server = DevPostgres.start(DevPostgres.Options.temporary());
    private final Proxy proxy;
    private final Path folder;
    private final PhaseRequest request;

    /** @param folder for the files of the workers */
    SweptRun(long rows, Path folder) throws Exception {
        this.folder = folder;
        server.publish();
        this.proxy = new Proxy(server.port(), this::transactionOf);
        try (Targets targets = new Targets();
                Connection owner = server.dev().connect(Role.RUNBOOK)) {
            Target target = targets.named("dev");
            Scripts.install(target);
            Scripts.createLegacy(target, MIGRATION);
            Samples.named(MIGRATION).create(owner, rows, 7);
            Start start = StartInput.of(Map.of("migration", MIGRATION, "target", "dev"))
                    .start();
            Run run = Runs.own(
                            target,
                            new Admit(start, List.of(), MIGRATION, "first"),
                            Plan.definition(migration),
                            Owners.nobody())
                    .run();
            passes(Expansion.expand(target, new PhaseRequest(run, start, Phase.SCHEMA, 1), migration, Pulse.NONE));
            request = new PhaseRequest(run, start, Phase.BACKFILL, 1);
            Backfills.open(target, request, migration);
        }
        writeFiles();
    }

    private void writeFiles() throws IOException {
        SweepWorker.json().writeValue(folder.resolve("request.json").toFile(), request);
        Files.writeString(folder.resolve("pg_service.conf"), """
                [dev]
                host=127.0.0.1
                port=%d
                dbname=dev
                user=%s
                """.formatted(proxy.port(), Role.RUNBOOK.user()));
        String passwords = Files.readString(server.passFile());
        Files.writeString(
                folder.resolve("pgpass"), passwords.replace(":" + server.port() + ":", ":" + proxy.port() + ":"));
    }

    Proxy proxy() {
        return proxy;
    }

    DevPostgres server() {
        return server;
    }

    /** Starts a worker that sees the database through the proxy. */
    CopyProcess worker(int slots, int tries) throws IOException {
        return CopyProcess.start(folder, slots, tries);
    }

    ApplicationWriter application() throws SQLException {
        return Samples.named(MIGRATION)
                .writer(WriterSettings.on(() -> server.dev().connect(Role.APP)));
    }

    /** What comes after the last batch: the counts are held against the tables, then the constraints come. */
    PhaseReport finished() {
        try (Targets targets = new Targets()) {
            return Backfills.finish(targets.named("dev"), request, migration, Pulse.NONE);
        }
    }

    static void passes(PhaseReport report) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
    }

    Connection owner() throws SQLException {
        return server.dev().connect(Role.RUNBOOK);
    }

    /** As the superuser; nothing of the engine is in it. */
    void sql(String statement) throws SQLException {
        try (Connection superuser = server.dev().connect(Role.SUPERUSER);
                Statement sql = superuser.createStatement()) {
            sql.execute(statement);
        }
    }

    /** The first column of the first row; {@code null} where there is none. */
    @Nullable
    String text(String query) throws SQLException {
        try (Connection superuser = server.dev().connect(Role.SUPERUSER);
                Statement sql = superuser.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /** The transaction that a process of the database is in; {@code null} when it is in none. */
    @Nullable
    String transactionOf(int backend) {
        try {
            return text("select backend_xid::text from pg_stat_activity where pid = " + backend);
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not say what its process is at", e);
        }
    }

    long number(String query) throws SQLException {
        return Long.parseLong(String.valueOf(text(query)));
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        server.close();
        for (int i = 0; i < FILES.size(); i++) {
            String usual = usualFiles.get(i);
            if (usual == null) {
                System.clearProperty(FILES.get(i));
            } else {
                System.setProperty(FILES.get(i), usual);
            }
        }
    }
}
