package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.RequiresTemporal;
import runbook.TestPostgres;
import runbook.cli.dev.DevPostgres;
import runbook.cli.dev.DevTemporal;
import runbook.cli.dev.Role;

/** Machines that fail under a run: a full disk, a database and a Temporal that restart. */
@RequiresTemporal
class BadWeatherTest {

    private static final String HELD_ROW =
            "select from individual_process_status.individual_processes where id = 150 for update";

    @RegisterExtension
    final TestPostgres postgres = RunFixture.legacy();

    @TempDir
    Path folder;

    private RunFixture run;

    @BeforeEach
    void open(DevTemporal server) {
        run = new RunFixture(server, postgres.target(), folder);
    }

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    @Timeout(120)
    void a_full_disk_parks_the_backup_and_leaves_nothing_behind(DevTemporal server) throws Exception {
        Path backups = Files.createDirectory(folder.resolve("backups"));
        List<String> tiny = List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "/bin/sh",
                "-c",
                "mount -t tmpfs -o size=8k none '" + backups + "' && exec \"$@\"",
                "tiny");
        assumeTrue(works(tiny), "no file system can be mounted here, so none can be too small");
        try (OtherWorker worker = OtherWorker.within(tiny, server, folder)) {
            run.started(run.input());
            run.view().reach(run.workflow(), "parked: backup");
            assertThat(run.temporal()
                            .status(run.workflow())
                            .path("problems")
                            .path(0)
                            .asText())
                    .matches(
                            "backup: " + backups + "/individual_process_status-run1-1: not enough room: the tables need"
                                    + " up to [0-9.]+ kB, 8.2 kB are free. The unfinished folder was removed, nothing else was"
                                    + " changed. Make room or name a folder elsewhere, then send the signal 'retry'.");
        }

        run.withWorker().completesAfterRetry();

        NewShape.holdsEveryStatusOf(postgres.database());
    }

    @Test
    @Timeout(180)
    void a_database_that_restarts_in_the_middle_of_the_backfill_is_waited_for() throws Exception {
        try (DevPostgres own = DevPostgres.start(DevPostgres.Options.temporary());
                Services services = Services.of(own, folder)) {
            RunFixture.fill(own.dev());
            run.withWorker().started(run.input("target", "dev"));
            try (Connection application = own.dev().connect(Role.APP)) {
                hold(application);
                run.view().awaitActivity(run.workflow(), "backfill", "CopyRanges");
                own.stopImmediately();
            }
            own.resume();

            run.view().await(run.workflow(), "completed");

            assertThat(run.view().attempts(run.workflow() + "/backfill")).isGreaterThan(1);
            NewShape.holdsEveryStatusOf(own.dev());
            run.close();
        }
    }

    @Test
    @Timeout(180)
    void a_temporal_that_restarts_finds_the_run_where_it_was() throws Exception {
        DevTemporal.Options kept = DevTemporal.Options.temporary().keptIn(folder.resolve("temporal"));
        DevTemporal first = DevTemporal.start(kept);
        int port = Integer.parseInt(first.address().substring(first.address().indexOf(':') + 1));
        RunFixture own = new RunFixture(first, postgres.target(), folder).withWorker();
        try (Connection application = postgres.database().connect(Role.APP)) {
            hold(application);
            own.started(own.input("gates", List.of("cutover", "drop")));
            own.view().awaitActivity(own.workflow(), "backfill", "CopyRanges");
            first.close();
        }
        // The worker is closed before its server is.
        try (DevTemporal second = DevTemporal.start(kept.onPorts(port, 0));
                own) {
            assertThat(second.address()).isEqualTo(first.address());
            own.approve("cutover");
            own.view().await(own.workflow(), "completed");
            assertThat(own.temporal().status(own.workflow()).path("state").asText())
                    .isEqualTo("completed");
        }
        NewShape.holdsEveryStatusOf(postgres.database());
    }

    /** As long as this transaction lasts, the backfill has one process left to bring over. */
    private static void hold(Connection application) throws Exception {
        application.setAutoCommit(false);
        try (Statement statement = application.createStatement()) {
            statement.execute(HELD_ROW);
        }
    }

    private static boolean works(List<String> program) throws Exception {
        ProcessBuilder probe = new ProcessBuilder(new ArrayList<>(program));
        probe.command().add("true");
        return probe.redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
