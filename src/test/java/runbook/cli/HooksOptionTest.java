package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HooksOptionTest {

    @TempDir
    Path folder;

    @Test
    void a_worker_with_a_bad_file_of_hooks_does_not_start_and_says_all_that_is_wrong() throws Exception {
        Path file = Files.writeString(
                folder.resolve("hooks.json"),
                "{\"hooks\": [{\"name\": \"a\"}, {\"name\": \"a\", \"command\": [\"cat\"]}]}");

        Said said = Said.by("worker", "--hooks", file.toString());

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .isEqualTo("runbook: hooks: 2 problems in " + file + ":\n"
                        + "- hook 1: 'command': expected either that or 'url'\n"
                        + "- hook 2: 'name': another hook has it already\n"
                        + "Nothing was started. docs/hooks.md has what it may hold.\n");
    }
}
