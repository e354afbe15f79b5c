package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.Eventually;
import runbook.RequiresTemporal;
import runbook.TestPostgres;
import runbook.cli.dev.DevTemporal;
import runbook.cli.dev.Role;
import runbook.engine.Scripts;
import runbook.engine.Targets;
import runbook.sample.ApplicationWriter;
import runbook.sample.Oracle;
import runbook.sample.Samples;
import runbook.sample.WriterSettings;

/**
 * One migration from start to end, or back, by a person with the {@code temporal} program, while the application writes;
 * what it left is judged by plain SQL and the writer's log.
 */
@RequiresTemporal
class EndToEndTest {

    private static final String MIGRATION = "individual_process_status";
    private static final long ROWS = 20_000;

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @TempDir
    Path folder;

    @Test
    @Timeout(300)
    void runs_to_its_end_though_the_worker_is_killed_in_the_middle_of_the_copy(DevTemporal server) throws Exception {
        TemporalCli temporal = new TemporalCli(server.address());
        String workflow = MIGRATION + "@" + postgres.target();
        legacy();
        WorkerProcess first = WorkerProcess.start(server, postgres.server(), folder.resolve("first"));
        try (ApplicationWriter writer = writer()) {
            start(temporal, workflow);
            Operator operator = new Operator(temporal, workflow);
            operator.approve("schema");
            awaitMiddleOfCopy();
            first.kill();
            try (WorkerProcess second = WorkerProcess.start(server, postgres.server(), folder.resolve("second"))) {
                operator.approve("cutover");
                operator.awaitGate("cleanup");
                assertThat(first.log())
                        .containsPattern("/namespaces/default/workflows/" + workflow + "/[0-9a-f-]{36}/u");
                assertThat(temporal.run("workflow", "describe", "-w", workflow).out())
                        .contains("waiting: cleanup");
                assertThat(temporal.run("workflow", "metadata", "-w", workflow).out())
                        .contains("Waiting for approval");
                writer.useNewShapeOnly();
                operator.approve("cleanup");
                operator.approve("drop");
                operator.await("the end", status -> state(status).equals("completed"));
                assertThat(temporal.run("workflow", "show", "-w", workflow).out())
                        .contains("WorkflowExecutionCompleted");
            }
            writer.pause();
            try (Connection connection = postgres.database().connect(Role.RUNBOOK)) {
                assertThat(Oracle.check(connection, writer.changes())).isEmpty();
                assertThat(twice(connection)).isZero();
            }
            assertThat(writer.changes()).hasSizeGreaterThan(500);
            assertNoHarm(writer);
            writer.resume();
        } finally {
            first.close();
        }
    }

    @Test
    @Timeout(300)
    void comes_back_after_the_cutover_with_later_writes_and_then_runs_to_its_end(DevTemporal server) throws Exception {
        TemporalCli temporal = new TemporalCli(server.address());
        String workflow = MIGRATION + "@" + postgres.target();
        legacy();
        try (WorkerProcess worker = WorkerProcess.start(server, postgres.server(), folder.resolve("worker"));
                ApplicationWriter writer = writer()) {
            start(temporal, workflow);
            Operator operator = new Operator(temporal, workflow);
            operator.approve("schema");
            operator.approve("cutover");
            operator.awaitGate("cleanup");
            long newWay = writer.counts().throughAddStatus();
            Eventually.holds(
                    "the application uses the new way",
                    Operator.PATIENCE,
                    () -> writer.counts().throughAddStatus() > newWay + 50);

            operator.signal("rollback", "{\"requestedBy\": \"on-call\", \"reason\": \"errors in the new reports\"}");
            operator.await("the way back", status -> state(status).equals("rolled_back"));

            writer.pause();
            try (Connection connection = postgres.database().connect(Role.RUNBOOK)) {
                assertThat(Oracle.checkLegacy(connection, writer.changes())).isEmpty();
            }
            long mark = writer.mark();
            writer.resume();

            start(temporal, workflow);
            operator.approve("schema");
            operator.approve("cutover");
            operator.awaitGate("cleanup");
            writer.useNewShapeOnly();
            operator.approve("cleanup");
            operator.approve("drop");
            operator.await("the end", status -> state(status).equals("completed"));
            writer.pause();
            try (Connection connection = postgres.database().connect(Role.RUNBOOK)) {
                assertThat(Oracle.check(
                                connection,
                                writer.changes().stream()
                                        .filter(change -> change.sequence() > mark)
                                        .toList()))
                        .isEmpty();
            }
            assertNoHarm(writer);
            writer.resume();
        }
    }

    private static void assertNoHarm(ApplicationWriter writer) {
        assertThat(writer.applicationErrors()).isEmpty();
        assertThat(writer.deadlocks()).isZero();
    }

    private static String state(JsonNode status) {
        return status.path("state").asText();
    }

    private void awaitMiddleOfCopy() throws Exception {
        try (Connection connection = postgres.database().connect(Role.RUNBOOK)) {
            Eventually.holds("a copy has begun", Operator.PATIENCE, () -> {
                List<Long> copied = numbers(
                        connection,
                        "select coalesce(sum(copied), 0) from runbook.range where finished_at is null"
                                + " union all select count(*) from runbook.range where finished_at is not null");
                if (copied.get(1) > 0) {
                    throw new AssertionError("the copy was over before the worker could be killed");
                }
                return copied.get(0) > 0;
            });
        }
    }

    /** Audit lines that tell of one act twice, whatever their own uniqueness says. */
    private static long twice(Connection connection) throws Exception {
        return numbers(
                        connection,
                        "select count(*) from (select run, act, subject, detail from runbook.audit"
                                + " where act in ('begin', 'approve', 'flip', 'retire', 'drop', 'completed')"
                                + " group by 1, 2, 3, 4 having count(*) > 1) twice")
                .get(0);
    }

    private static List<Long> numbers(Connection connection, String sql) throws Exception {
        List<Long> numbers = new java.util.ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
        }
        return numbers;
    }

    private void legacy() throws Exception {
        try (Targets targets = new Targets()) {
            Scripts.createLegacy(targets.named(postgres.target()), MIGRATION);
        }
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
                {"migration": "%s", "target": "%s", "requestedBy": "requester", "soak": "PT1S", "hold": "PT1S",
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
