package runbook.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import runbook.message.HookCall;
import runbook.message.Occasion;

/** A worker with a bad file does not start, and says all that is wrong with it. */
class HookFileTest {

    @TempDir
    Path folder;

    private HookFile read(String json) throws Exception {
        Path file = Files.writeString(folder.resolve("hooks.json"), json.replace('\'', '"'));
        return HookFile.read(file, Map.of("PATH", System.getenv("PATH"), "PAGER_SECRET", "s3cret"));
    }

    @Test
    void what_is_not_given_has_a_usual_value() throws Exception {
        HookFile file = read("{'hooks': [{'name': 'log', 'command': ['cat']}]}");

        assertThat(file.problems()).isEmpty();
        HookCall call = file.hooks().wanting(Told.of(Occasion.ENDED)).get(0);
        assertThat(call.toString()).isEqualTo("HookCall[name=log, blocking=false, limit=PT10S, attempts=3]");
    }

    @Test
    void a_hook_hears_of_what_it_names_and_of_long_throttling_only() throws Exception {
        HookFile file = read("{'hooks': [{'name': 'page', 'on': ['parked', 'throttled'], 'throttledFor': 'PT30M',"
                + " 'url': 'https://pager.example.org/in?token=abc', 'secretFrom': 'PAGER_SECRET'}]}");

        assertThat(file.problems()).isEmpty();
        assertThat(file.hooks().wanting(Told.of(Occasion.PARKED))).hasSize(1);
        assertThat(file.hooks().wanting(Told.of(Occasion.ENDED))).isEmpty();
        assertThat(file.hooks().wanting(Told.throttled("PT29M59S"))).isEmpty();
        assertThat(file.hooks().wanting(Told.throttled("PT30M"))).hasSize(1);
    }

    @Test
    void every_problem_is_told_at_once_and_nothing_secret_is_repeated() throws Exception {
        HookFile file = read("{'hook': 1, 'hooks': ["
                + "{'name': 'A b', 'on': ['paged', 'ended'], 'command': ['/no/such/hunter2'], 'attempts': 11},"
                + "{'name': 'x', 'url': 'https://me:hunter2@example.org', 'secretFrom': 'hunter2', 'timeout': 'PT11M'},"
                + "{'name': 'x', 'on': ['ended', 'reminder'], 'blocking': true, 'command': [], 'secretFrom': 'hunter2'},"
                + "{'name': 'y', 'command': ['cat'], 'url': 'ftp://hunter2', 'blocking': 'yes', 'throttledFor': 'PT1S'},"
                + "{'secret': 'hunter2'}]}");

        assertThat(file.problems())
                .containsExactly(
                        "unknown field 'hook'; known fields: hooks",
                        "hook 1: 'name': expected up to 40 of a-z, 0-9, '_' and '-': it is shown in histories",
                        "hook 1: 'on': unknown 'paged'; known: phase_started, phase_ended, gate_opened, approval,"
                                + " gate_passed, reminder, deadline, throttled, verdict_changed, parked, rolled_back,"
                                + " ended",
                        "hook 1: 'attempts': expected a whole number from 1 to 10, found a number (11)",
                        "hook 1: 'command': there is no program of that name which may be executed",
                        "hook 2: 'timeout': expected PT10M at most, found PT11M",
                        "hook 2: 'url': expected http:// or https://, a host, and no user or password",
                        "hook 2: 'secretFrom': expected the name of an environment variable that is set; no secret is"
                                + " read from this file",
                        "hook 3: 'blocking': a run stands still only on phase_started, phase_ended, gate_opened,"
                                + " gate_passed",
                        "hook 3: 'command': expected a program and its arguments, such as [\"/opt/hooks/page\","
                                + " \"--now\"]",
                        "hook 3: 'secretFrom': signs what a 'url' is sent; a command has the worker's environment",
                        "hook 3: 'name': another hook has it already",
                        "hook 4: 'blocking': expected true or false, found a text (yes)",
                        "hook 4: 'throttledFor': expected a duration such as \"PT6H\" or \"P14D\", at least PT1M, found"
                                + " \"PT1S\"",
                        "hook 4: 'command': expected either that or 'url'",
                        "hook 5: unknown field 'secret'; known fields: attempts, blocking, command, name, on,"
                                + " secretFrom, throttledFor, timeout, url",
                        "hook 5: 'name' is missing",
                        "hook 5: 'command': expected either that or 'url'");
        assertThat(file.problems().toString()).doesNotContain("hunter2");
    }

    @Test
    void a_hook_that_would_never_hear_anything_is_refused() throws Exception {
        assertThat(read("{'hooks': [{'name': 'x', 'on': [], 'url': 'https://example.org'}]}")
                        .problems())
                .containsExactly("hook 1: 'on': expected one occasion at least, or no such field for all");
    }

    @Test
    void what_is_no_such_file_is_told_without_what_it_holds() throws Exception {
        assertThat(read("{'hooks': [{'name': hunter2}]}").problems())
                .containsExactly("line 1 is not JSON, or names a field twice");
        assertThat(read("{'hooks': [], 'hooks': []}").problems())
                .containsExactly("line 1 is not JSON, or names a field twice");
        assertThat(read("[]").problems())
                .containsExactly("expected one JSON object {\"hooks\": [{\"name\": \"pager\", …}]}");
        assertThat(HookFile.read(folder.resolve("gone.json"), Map.of()).problems())
                .isEqualTo(List.of("it cannot be read (NoSuchFileException)"));
    }
}
