package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.RequiresTemporal;
import runbook.TestPostgres;
import runbook.activity.PhaseActivitiesImpl;
import runbook.activity.RunActivitiesImpl;
import runbook.cli.dev.DevTemporal;
import runbook.cli.dev.Role;
import runbook.engine.Catalog;
import runbook.engine.Scripts;
import runbook.engine.Targets;
import runbook.migrations.Bundled;
import runbook.sample.ApplicationWriter;
import runbook.sample.Oracle;
import runbook.sample.Samples;
import runbook.sample.WriterSettings;
import runbook.worker.RunbookWorker;
import runbook.worker.TemporalAddress;
import runbook.workflow.SignalEvents;
import runbook.workflow.Workflows;

/** One migration from start to end, or back, by a person with the {@code temporal} program; the application writes. */
@RequiresTemporal
class EndToEndTest {

    private static final String MIGRATION = "individual_process_status";
    private static final long ROWS = 5_000;

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @TempDir
    Path folder;

    @Test
    @Timeout(240)
    void a_migration_runs_to_its_end(DevTemporal server) throws Exception {
        TemporalCli temporal = new TemporalCli(server.address());
        String workflow = MIGRATION + "@" + postgres.target();
        try (Targets targets = new Targets();
                RunbookWorker worker = worker(server, targets)) {
            legacy(targets);
            try (ApplicationWriter writer = writer()) {
                start(temporal, workflow);
                Operator operator = new Operator(temporal, workflow);
                operator.approve("schema");
                operator.approve("cutover");
                operator.awaitGate("cleanup");
                writer.useNewShapeOnly();
                operator.approve("cleanup");
                operator.approve("drop");
                operator.await(
                        "the end", status -> status.path("state").asText().equals("completed"));
                writer.pause();
                try (Connection connection = postgres.database().connect(Role.SUPERUSER)) {
                    assertThat(Oracle.check(connection, writer.changes())).isEmpty();
                }
                assertThat(writer.applicationErrors()).isEmpty();
                assertThat(writer.deadlocks()).isZero();
                writer.resume();
            }
        }
    }

    private RunbookWorker worker(DevTemporal server, Targets targets) {
        Catalog catalog = new Catalog(Bundled.migrations());
        return RunbookWorker.start(RunbookWorker.Options.at(TemporalAddress.of(server.address(), server.namespace()))
                .workflows(Workflows.types())
                .interceptors(new SignalEvents())
                .activities(new RunActivitiesImpl(catalog, targets), new PhaseActivitiesImpl(catalog, targets)));
    }

    private void legacy(Targets targets) throws Exception {
        Scripts.createLegacy(targets.named(postgres.target()), MIGRATION);
        try (Connection owner = postgres.database().connect(Role.RUNBOOK)) {
            Samples.named(MIGRATION).create(owner, ROWS, 7);
        }
    }

    private ApplicationWriter writer() throws Exception {
        return Samples.named(MIGRATION)
                .writer(WriterSettings.on(() -> postgres.database().connect(Role.APP)));
    }

    private void start(TemporalCli temporal, String workflow) throws Exception {
        Path input = folder.resolve("input.json");
        Files.writeString(input, """
                {"migration": "%s", "target": "%s", "requestedBy": "dana", "soak": "PT1S", "hold": "PT1S",
                 "backups": "%s"}
                """.formatted(MIGRATION, postgres.target(), folder.resolve("backups")));
        TemporalCli.Printed printed = temporal.run(
                "workflow",
                "start",
                "--type",
                "Migration",
                "-t",
                "runbook",
                "-w",
                workflow,
                "--input-file",
                input.toString(),
                "--fail-existing");
        assertThat(printed.code()).as(printed.all()).isZero();
    }
}
