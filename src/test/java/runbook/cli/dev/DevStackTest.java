package runbook.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import runbook.Eventually;
import runbook.RequiresTemporal;
import runbook.cli.dev.DevStack.Options;
import runbook.engine.RunbookException;
import runbook.worker.RunbookWorker;

class DevStackTest {

    private static final List<String> PUBLISHED = List.of("org.postgresql.pgservicefile", "org.postgresql.pgpassfile");

    @TempDir
    Path dir;

    private final List<@Nullable String> before = new ArrayList<>();
    private @Nullable Process program;

    @BeforeEach
    void remember_the_files_of_other_tests() {
        PUBLISHED.forEach(name -> before.add(System.getProperty(name)));
    }

    @AfterEach
    void give_the_files_back() {
        for (int i = 0; i < PUBLISHED.size(); i++) {
            String value = before.get(i);
            if (value == null) {
                System.clearProperty(PUBLISHED.get(i));
            } else {
                System.setProperty(PUBLISHED.get(i), value);
            }
        }
    }

    @AfterEach
    void end_what_a_failure_left() {
        if (program != null) {
            program.destroyForcibly();
        }
    }

    @Test
    void the_ready_file_tells_all_that_a_client_needs_and_goes_with_the_stack() throws IOException {
        Path ready = dir.resolve("ready.json");

        try (DevStack stack = DevStack.start(Options.temporary().lookingIn("").readyFile(ready))) {
            JsonNode facts = new ObjectMapper().readTree(ready.toFile());

            assertThat(facts.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "temporal",
                            "ui",
                            "namespace",
                            "taskQueue",
                            "jdbcUrl",
                            "user",
                            "pgServiceFile",
                            "pgPassFile",
                            "target",
                            "pids");
            assertThat(facts.get("temporal").asText())
                    .isEqualTo(stack.temporal().address());
            assertThat(facts.get("ui").isNull()).isTrue();
            assertThat(facts.get("target").asText()).isEqualTo("dev");
            assertThat(facts.get("user").asText()).isEqualTo("runbook");
            assertThat(Path.of(facts.get("pgServiceFile").asText())).content().contains("[dev-approver]");
            assertThat(facts.get("pids").get("postgres").asLong())
                    .isEqualTo(stack.postgres().pid());
        }

        assertThat(ready).doesNotExist();
    }

    @Test
    void hooks_start_in_order_on_running_servers_and_stop_in_the_opposite_order() {
        List<String> told = new ArrayList<>();

        DevStack.start(Options.temporary()
                        .lookingIn("")
                        .then("sample", stack -> {
                            told.add("sample on " + stack.postgres().dev());
                            return () -> told.add("sample ends");
                        })
                        .then("worker", stack -> {
                            told.add("worker");
                            RunbookWorker worker = RunbookWorker.start(RunbookWorker.Options.at(stack.address()));
                            return () -> {
                                worker.close();
                                told.add("worker ends");
                            };
                        }))
                .close();

        assertThat(told).containsExactly("sample on dev", "worker", "worker ends", "sample ends");
    }

    @Test
    void a_hook_that_fails_takes_everything_down() {
        List<ProcessHandle> servers = new ArrayList<>();

        assertThatThrownBy(
                        () -> DevStack.start(Options.temporary().lookingIn("").then("sample", stack -> {
                            servers.add(ProcessHandle.of(stack.postgres().pid()).orElseThrow());
                            throw new IOException("no seed");
                        })))
                .isInstanceOf(RunbookException.class)
                .hasMessage("dev: the sample did not start: java.io.IOException: no seed."
                        + " Everything else was stopped again.");

        assertThat(servers).hasSize(1).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void a_folder_that_cannot_be_kept_is_refused_before_anything_is_made() {
        assertThatThrownBy(
                        () -> DevStack.start(Options.temporary().lookingIn("").keptIn(dir.resolve("store"))))
                .isInstanceOf(RunbookException.class)
                .hasMessageContaining("there is no 'temporal' on the PATH");

        assertThat(dir.resolve("store")).doesNotExist();
    }

    @RequiresTemporal
    @Test
    void both_stores_are_kept_over_a_restart() {
        String service;
        try (DevStack first = DevStack.start(Options.temporary().keptIn(dir))) {
            service = first.postgres().create("shop").service(Role.APP);
        }

        try (DevStack second = DevStack.start(Options.temporary().keptIn(dir))) {
            assertThat(second.postgres().serviceFile()).content().contains("[" + service + "]");
            assertThat(second.temporal().uiAddress()).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void a_signal_ends_the_parts_before_the_servers_and_then_the_program(String signal) throws Exception {
        Path ready = dir.resolve("ready.json");
        Path stopped = dir.resolve("stopped");
        List<String> command = new ArrayList<>(heedingInterrupts());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StackUntilKilled.class.getName(),
                ready.toString(),
                stopped.toString()));
        program = new ProcessBuilder(command).inheritIO().start();
        Eventually.holds("the stack is up", Duration.ofSeconds(40), () -> Files.exists(ready));
        List<ProcessHandle> servers = new ArrayList<>();
        new ObjectMapper()
                .readTree(ready.toFile())
                .get("pids")
                .forEach(pid -> servers.add(ProcessHandle.of(pid.asLong()).orElseThrow()));

        new ProcessBuilder("kill", "-s", signal, String.valueOf(program.pid()))
                .start()
                .waitFor();

        assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(stopped).hasContent("postgres true");
        assertThat(servers).noneMatch(ProcessHandle::isAlive);
        assertThat(ready).doesNotExist();
    }

    /** A build that a shell started in the background ignores SIGINT, and so would everything that it starts. */
    private static List<String> heedingInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        boolean ignores = Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
        return ignores ? List.of("env", "--default-signal=INT") : List.of();
    }
}
