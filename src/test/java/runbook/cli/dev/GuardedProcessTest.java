package runbook.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import runbook.Eventually;

class GuardedProcessTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM"})
    void servers_and_folders_are_gone_soon_after_the_jvm_is_killed(String signal) throws Exception {
        Abandoned stack = Abandoned.start();
        assertThat(stack.servers()).isNotEmpty().allMatch(ProcessHandle::isAlive);

        stack.kill(signal);

        Eventually.holds("servers end", SOON, () -> stack.servers().stream().noneMatch(ProcessHandle::isAlive));
        Eventually.holds("the folder goes", SOON, () -> !Files.exists(stack.folder()));
    }

    @Test
    void a_kept_folder_can_be_used_right_after_its_jvm_was_killed() throws Exception {
        Abandoned stack = Abandoned.start(dir.toString());
        stack.kill("KILL");

        try (DevPostgres next =
                DevPostgres.start(DevPostgres.Options.temporary().keptIn(dir))) {
            assertThat(next.pid()).isPositive();
        }
    }

    @Test
    void a_process_is_asked_to_end_and_waited_for() throws Exception {
        Path log = dir.resolve("log");
        GuardedProcess process = GuardedProcess.start(
                List.of("/bin/sh", "-c", "trap 'echo ended in order; exit' TERM; echo up; while :; do sleep 1; done"),
                "TERM",
                log,
                null);
        Eventually.holds(
                "it is up",
                SOON,
                () -> Files.exists(log) && Files.readString(log).contains("up"));

        process.stop();

        assertThat(ProcessHandle.of(process.pid())).isEmpty();
        assertThat(Files.readString(log)).contains("ended in order");
    }

    @Test
    void a_program_that_is_not_there_ends_at_once_and_its_log_says_so() throws Exception {
        Path log = dir.resolve("log");
        GuardedProcess process = GuardedProcess.start(List.of("no-such-program"), "TERM", log, null);

        Eventually.holds("it ends", SOON, () -> !process.alive());

        assertThat(Files.readString(log)).contains("no-such-program");
    }

    /** Both servers in a JVM of their own. */
    private record Abandoned(Process jvm, Path folder, List<ProcessHandle> servers) {

        static Abandoned start(String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    AbandonedStack.class.getName()));
            command.addAll(Arrays.asList(arguments));
            Process jvm = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader output = jvm.inputReader(StandardCharsets.UTF_8)) {
                List<String> words = List.of(String.valueOf(output.readLine()).split(" "));
                return new Abandoned(
                        jvm,
                        Path.of(words.get(0)),
                        words.stream()
                                .skip(1)
                                .map(pid ->
                                        ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
                                .toList());
            }
        }

        void kill(String signal) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-s", signal, String.valueOf(jvm.pid()))
                    .start()
                    .waitFor();
            assertThat(jvm.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
