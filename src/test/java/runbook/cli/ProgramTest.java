package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.temporal.client.WorkflowOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import runbook.Eventually;
import runbook.RequiresTemporal;
import runbook.cli.dev.DevTemporal;
import runbook.worker.RunbookWorker;
import runbook.worker.TemporalAddress;
import runbook.worker.TemporalConnection;

/** Commands that run until they are told to end, as the programs that they are. */
class ProgramTest {

    private static final Duration STARTS_WITHIN = Duration.ofSeconds(50);

    @TempDir
    Path folder;

    private final List<Process> programs = new ArrayList<>();

    @AfterEach
    void end() {
        programs.forEach(Process::destroyForcibly);
    }

    @Test
    void dev_is_up_when_its_ready_file_is_there_and_leaves_nothing_behind() throws Exception {
        Process dev = start(Map.of("PATH", withoutTemporal()), "dev", "--rows", "500");
        JsonNode facts = new ObjectMapper().readTree(ready(dev).toFile());
        Path serviceFile = Path.of(facts.get("pgServiceFile").asText());
        Path input = serviceFile.resolveSibling("individual_process_status.json");
        assertThat(input).content().contains("\"target\" : \"dev\"");
        Eventually.holds("the start line is printed", STARTS_WITHIN, () -> said().contains("Ctrl-C"));
        assertThat(said())
                .contains(
                        "temporal workflow start --type Migration -t runbook -w individual_process_status --input-file "
                                + input + " --static-summary 'individual_process_status on dev' --fail-existing")
                .contains("no 'temporal' on the PATH");
        List<ProcessHandle> servers = new ArrayList<>();
        facts.get("pids")
                .forEach(pid -> servers.add(ProcessHandle.of(pid.asLong()).orElseThrow()));

        dev.destroy();

        assertThat(dev.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(servers).noneMatch(ProcessHandle::isAlive);
        assertThat(folder.resolve("ready.json")).doesNotExist();
        assertThat(serviceFile.getParent()).doesNotExist();
        assertThat(log()).contains("met 0 errors").doesNotContain("shutdownNow");
    }

    @RequiresTemporal
    @Test
    void dev_tells_the_whole_address_of_a_runs_page() throws Exception {
        Process dev = start(Map.of(), "dev", "--rows", "500", "--no-writer");
        JsonNode facts = new ObjectMapper().readTree(ready(dev).toFile());

        begin(TemporalAddress.of(facts.get("temporal").asText(), "default"));

        String page = facts.get("ui").asText() + "/namespaces/default/workflows/individual_process_status/";
        Eventually.holds("the page is told", STARTS_WITHIN, () -> log().contains("Its page in the Web UI: " + page));
        assertThat(log()).doesNotContain("shutdownNow");
        dev.destroy();
        assertThat(dev.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private void begin(TemporalAddress address) {
        try (TemporalConnection connection = TemporalConnection.open(address, STARTS_WITHIN)) {
            connection
                    .client()
                    .newUntypedWorkflowStub(
                            "Migration",
                            WorkflowOptions.newBuilder()
                                    .setTaskQueue(RunbookWorker.TASK_QUEUE)
                                    .setWorkflowId(Legacy.NAME)
                                    .build())
                    .start(Map.of(
                            "migration",
                            Legacy.NAME,
                            "target",
                            "dev",
                            "backups",
                            folder.resolve("backups").toString()));
        }
    }

    @RequiresTemporal
    @Test
    void a_worker_polls_until_it_is_told_to_end(DevTemporal temporal) throws Exception {
        Process worker = start(Map.of("TEMPORAL_ADDRESS", temporal.address()), "worker");

        assertThat(ready(worker)).content().contains(temporal.address(), "\"taskQueue\" : \"runbook\"");
        worker.destroy();

        assertThat(worker.waitFor(40, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("ready.json")).doesNotExist();
        assertThat(log()).contains("temporal workflow metadata -w individual_process_status");
    }

    private Process start(Map<String, String> environment, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(words));
        command.addAll(List.of("--ready-file", folder.resolve("ready.json").toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(environment);
        Process program = builder.start();
        programs.add(program);
        return program;
    }

    private static String withoutTemporal() {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .filter(place -> !Files.isExecutable(Path.of(place, "temporal")))
                .collect(Collectors.joining(":"));
    }

    private Path ready(Process program) throws Exception {
        Path file = folder.resolve("ready.json");
        Eventually.holds("it is ready", STARTS_WITHIN, () -> Files.exists(file) || !program.isAlive());
        assertThat(program.isAlive()).as(log()).isTrue();
        return file;
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("out"));
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("err"));
    }
}
