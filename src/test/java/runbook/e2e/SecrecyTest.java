package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static runbook.e2e.NewShape.execute;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.RequiresTemporal;
import runbook.TestPostgres;
import runbook.cli.dev.DevTemporal;
import runbook.cli.dev.Role;

/** Planted values, errors that quote them, and a search through everything that leaves the database. */
@RequiresTemporal
class SecrecyTest {

    /** In every planted name, status, title and password. */
    private static final String WORD = "ocelot";

    /** In every planted key. */
    private static final String NUMBER = "7777000";

    private static final List<String> PHASES =
            List.of("assessment", "backup", "schema", "backfill", "validation", "cutover", "cleanup", "rollback");

    @RegisterExtension
    final TestPostgres postgres = RunFixture.legacy();

    @TempDir
    Path folder;

    private DevTemporal server;
    private Services services;
    private RunFixture run;
    private final Map<String, String> told = new LinkedHashMap<>();

    @BeforeEach
    void open(DevTemporal shared) throws Exception {
        server = shared;
        String role = "keeper_" + postgres.target();
        as(
                Role.SUPERUSER,
                "create role %s login createdb password 'right-%s'".formatted(role, WORD),
                "grant runbook, pg_monitor to " + role);
        as(
                Role.RUNBOOK,
                "insert into individual_process_status.users (id, name, role) values (7777000333, 'Ms Ocelot', 'client')",
                "insert into individual_process_status.individual_processes (id, client_id, title, status, created_by)"
                        + " values (7777000111, 7777000333, 'The Ocelot case', ' Ocelot sighted', 7777000333),"
                        + " (7777000112, 7777000333, 'The Ocelot case', 'ocelot_lost', 7777000334)");
        services = new Services(postgres, folder).with(postgres.target(), "user", role, "password", "wrong-" + WORD);
        run = new RunFixture(server, postgres.target(), folder);
    }

    @AfterEach
    void close() {
        run.close();
        services.close();
    }

    @Test
    @Timeout(240)
    void what_is_in_the_rows_stays_in_the_database() throws Exception {
        try (OtherWorker worker = OtherWorker.stalling("never", server, folder)) {
            refuseThePassword();
            run.started(run.input("gates", List.of("backfill", "validation", "drop"), "errorBudget", 0));
            refuseARow();
            refuseAKey();
            differ();
            run.view().reach(run.workflow(), "completed");
            collect(worker);
        }

        assertThat(told.keySet().stream().filter(this::leaks).map(where -> where + ": " + around(where)))
                .isEmpty();
        assertThat(told).hasSizeGreaterThan(20);
        assertThat(runbook("report", RunFixture.MIGRATION, "--target", postgres.target(), "--reveal"))
                .contains(NUMBER + "111", "(individual_process_id)=(" + NUMBER + "222)")
                .containsIgnoringCase("ocelot sighted");
    }

    private boolean leaks(String where) {
        String text = told.get(where).toLowerCase(Locale.ROOT);
        return text.contains(WORD) || text.contains(NUMBER);
    }

    /** What is planted is no secret of ours; what stands beside it tells who let it out. */
    private String around(String where) {
        String text = told.get(where).toLowerCase(Locale.ROOT);
        int at = Math.max(text.indexOf(WORD), text.indexOf(NUMBER));
        return text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 200));
    }

    private void refuseThePassword() throws Exception {
        run.start(run.workflow(), run.input());
        run.view().reach(run.workflow(), "failed");
        collect("wrong password");
        services.with(postgres.target(), "user", "keeper_" + postgres.target(), "password", "right-" + WORD);
    }

    /** A row that the new table does not take: the server's message quotes it whole. */
    private void refuseARow() throws Exception {
        run.view().await(run.workflow(), "waiting: backfill");
        as(
                Role.SUPERUSER,
                "alter table individual_process_status.individual_process_statuses add constraint none_of_these"
                        + " check (status_name not ilike '%ocelot sighted%')");
        run.approve("backfill");
        run.parks(
                "backfill",
                "individual_process_status: backfill 'statuses': the database refused 1 row, the error budget is 0. Rows"
                        + " copied so far stay copied. See why: ./runbook report individual_process_status --target "
                        + postgres.target() + " --reveal. Remove"
                        + " the reason, then send the signal 'retry', or 'rollback'.");
        collect("refused row");
        as(
                Role.SUPERUSER,
                "alter table individual_process_status.individual_process_statuses drop constraint none_of_these");
    }

    /** A status whose process is not there: the foreign key that comes after the copy names its number. */
    private void refuseAKey() throws Exception {
        as(
                Role.SUPERUSER,
                "set session_replication_role = replica",
                "insert into individual_process_status.individual_process_statuses"
                        + " (individual_process_id, status_name, is_active, changed_at) values (7777000222, 'ocelot', true, now())");
        run.signal("retry", Map.of("requestedBy", "alice"));
        run.view().reach(run.workflow(), "backfill");
        run.view().reach(run.workflow(), "parked: backfill");
        // A sample of the impact that a busy machine refused is a problem too.
        long problem = NewShape.number(
                postgres.database(),
                "select max(id) from runbook.problem where text like '%status_belongs_to_process%'");
        run.parks(
                "backfill",
                "individual_process_status: backfill: SQLSTATE 23503, constraint status_belongs_to_process, problem "
                        + problem + " (./runbook report individual_process_status --target " + postgres.target()
                        + " --reveal shows it). What was copied stays; of the"
                        + " scripts after the copy, those that were applied stay too. Send the signal 'retry' when it is"
                        + " cured, or 'rollback'.");
        collect("refused key");
        as(
                Role.SUPERUSER,
                "set session_replication_role = replica",
                "delete from individual_process_status.individual_process_statuses where individual_process_id = 7777000222");
        run.signal("retry", Map.of("requestedBy", "alice"));
    }

    /** A row that differs between the shapes. */
    private void differ() throws Exception {
        run.view().reach(run.workflow(), "waiting: validation");
        as(
                Role.SUPERUSER,
                "set session_replication_role = replica",
                "update individual_process_status.individual_processes set status = 'ocelot, unmirrored' where id = 7777000112");
        run.approve("validation");
        run.view().reach(run.workflow(), "parked: validation");
        collect("difference");
        run.signal(
                "repair",
                Map.of(
                        "check", "the active status is the legacy status",
                        "repair", "legacy wins",
                        "dryRun", false,
                        "requestedBy", "alice"));
    }

    private void collect(OtherWorker worker) throws Exception {
        collect("end");
        told.put("the worker's log", worker.log());
        Path page = folder.resolve("report.html");
        runbook("report", RunFixture.MIGRATION, "--target", postgres.target(), "--html", page.toString());
        told.put("the page", Files.readString(page));
        told.put("report", runbook("report", RunFixture.MIGRATION, "--target", postgres.target()));
        told.put("report --json", runbook("report", RunFixture.MIGRATION, "--target", postgres.target(), "--json"));
        told.put("status", runbook("status", "--target", postgres.target()));
        told.put("status --json", runbook("status", "--target", postgres.target(), "--json"));
    }

    /** What Temporal holds and hands out now: bytes as they are, so that no encoding hides anything. */
    private void collect(String moment) {
        List<String> workflows = new ArrayList<>(List.of(run.workflow()));
        PHASES.stream()
                .map(phase -> run.workflow() + "/" + phase)
                .filter(run.view()::found)
                .forEach(workflows::add);
        for (String workflow : workflows) {
            told.put(
                    moment + ": history of " + workflow,
                    text(run.view().history(workflow).toByteArray()));
            told.put(
                    moment + ": description of " + workflow,
                    text(run.view().describe(workflow).toByteArray()));
        }
        for (String query : List.of("status", "report", "__temporal_workflow_metadata")) {
            told.put(
                    moment + ": query " + query,
                    run.temporal().query(run.workflow(), query).toString());
        }
        told.put(
                moment + ": show",
                run.temporal()
                        .run("workflow", "show", "-w", run.workflow(), "-o", "json")
                        .all());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Runs the launcher's program and returns all that it printed. */
    private String runbook(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                "runbook.cli.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PGSERVICEFILE", System.getProperty("org.postgresql.pgservicefile"));
        builder.environment().put("PGPASSFILE", System.getProperty("org.postgresql.pgpassfile"));
        Process process = builder.start();
        String printed = text(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    private void as(Role role, String... statements) throws Exception {
        execute(postgres.database(), role, statements);
    }
}
