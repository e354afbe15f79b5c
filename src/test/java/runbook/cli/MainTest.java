package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    static Stream<String> commands() {
        return Main.commandLine().getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_explains_itself_with_one_example_and_its_exit_codes(String command) {
        Said said = Said.by(command, "--help");

        assertThat(said.code()).isZero();
        assertThat(said.err()).isEmpty();
        assertThat(said.out()).contains("Usage: ./runbook " + command, "./runbook " + command, "Exit codes:");
        assertThat(said.out().lines().filter(line -> line.contains("xample"))).hasSizeBetween(1, 2);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void an_option_that_does_not_exist_is_told_in_two_lines(String command) {
        Said said = Said.by(command, "individual_process_status", "--target", "nowhere", "--no-such-option");

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).isEmpty();
        assertThat(said.err())
                .startsWith("runbook: ")
                .contains("--no-such-option")
                .hasLineCount(2);
    }

    @Test
    void a_command_that_does_not_exist_is_not_understood() {
        Said said = Said.by("migrate");

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).contains("migrate");
    }

    @Test
    void without_a_command_the_commands_are_listed() {
        Said said = Said.by();

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).contains("plan", "dev", "worker", "status", "report", "restore", "grants", "sample");
    }

    @Test
    void tells_its_version() {
        Said said = Said.by("--version");

        assertThat(said.code()).isZero();
        assertThat(said.out()).startsWith("runbook ").contains("Java ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "grants", "sample", "dev", "selftest"})
    void an_unknown_migration_is_one_message_that_names_those_there_are(String command) {
        Said said =
                switch (command) {
                    case "sample" -> Said.by(command, "orders", "--target", "nowhere");
                    case "dev" -> Said.by(command, "--sample", "orders");
                    default -> Said.by(command, "orders");
                };

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .isEqualToIgnoringNewLines("runbook: unknown migration 'orders'; known: individual_process_status");
    }

    @ParameterizedTest
    @CsvSource({
        "status --target nowhere",
        "report 1 --target nowhere",
        "evidence 1 --target nowhere",
        "reversibility 1 --target nowhere",
        "plan individual_process_status --target nowhere",
        "sample individual_process_status --target nowhere",
        "restore backups --target nowhere",
        "unarchive individual_process_status --target nowhere"
    })
    void an_unknown_target_is_one_message_with_its_cure(String words) {
        Said said = Said.by(words.split(" "));

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .startsWith("runbook: target 'nowhere' is not in the service file ")
                .contains("Add a section [nowhere]")
                .hasLineCount(1);
    }

    @Test
    void lists_the_migrations_as_words_and_as_json() {
        assertThat(Said.by("list").out()).startsWith("individual_process_status\n  The status field");
        assertThat(Said.by("list", "--json").out()).contains("\"name\" : \"individual_process_status\"");
    }
}
