package runbook.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table of the input in the README against what a start really takes. */
class InputTableTest {

    private static final String BEGIN = "| field | unless given | means |";
    private static final String POLICY = "| in a policy | unless given | means |";

    @Test
    void has_every_field_and_no_other() throws Exception {
        String known = StartInput.of(Map.of("migration", "m", "target", "t", "?", 1))
                .problems()
                .get(0);

        assertThat(column(rows(BEGIN)))
                .containsExactlyInAnyOrder(
                        known.substring(known.indexOf("known fields: ") + 14).split(", "));
    }

    @Test
    void has_the_defaults_that_a_start_gets() throws Exception {
        Start start = StartInput.of(Map.of("migration", "m", "target", "t")).start();

        assertThat(line("requestedBy")).contains("\"" + start.requestedBy() + "\"");
        assertThat(line("gates")).contains("[\"" + String.join("\", \"", start.gates()) + "\"]");
        assertThat(line("gates")).contains(Start.GATES);
        assertThat(line("policies")).contains("| `" + start.policies() + "` |");
        assertThat(line("waits")).contains("| `" + start.waits() + "` |");
        assertThat(line("soak")).contains("| `\"P" + start.soak().toDays() + "D\"` |");
        assertThat(line("revalidate")).contains("| `\"" + start.revalidate() + "\"` |");
        assertThat(line("hold")).contains("| `\"P" + start.hold().toDays() + "D\"` |");
        assertThat(line("drop")).contains("| `" + start.drop() + "` |");
        assertThat(line("backups")).contains("| `\"" + start.backups() + "\"` |");
        assertThat(line("errorBudget")).contains("| `" + start.errorBudget() + "` |");
        assertThat(line("errorsPerMille")).contains("| `" + start.errorsPerMille() + "` |");
        assertThat(line("searchAttributes")).contains("| `" + start.searchAttributes() + "` |");
    }

    @Test
    void the_table_of_policies_has_every_field_and_the_defaults() throws Exception {
        String known = StartInput.of(
                        Map.of("migration", "m", "target", "t", "policies", List.of(Map.of("gate", "drop", "?", 1))))
                .problems()
                .get(0);
        String fields = known.substring(known.indexOf("known fields: ") + 14);

        assertThat(column(rows(POLICY)))
                .containsExactlyInAnyOrder(fields.replace("gate, ", "").split(", "));
        assertThat(rows(POLICY))
                .anyMatch(row -> row.startsWith("| `quorum` | `" + Policy.USUAL.quorum() + "` |"))
                .anyMatch(row -> row.startsWith("| `fourEyes` | `" + Policy.USUAL.fourEyes() + "` |"))
                .anyMatch(row -> row.startsWith(
                        "| `identity` | `\"" + Policy.USUAL.identity().word() + "\"` |"));
    }

    private static List<String> column(List<String> rows) {
        return rows.stream()
                .map(row -> row.split("\\|")[1].strip().replace("`", ""))
                .toList();
    }

    private static String line(String field) throws Exception {
        return rows(BEGIN).stream()
                .filter(row -> row.startsWith("| `" + field + "` |"))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> rows(String heading) throws Exception {
        List<String> lines = Files.readAllLines(Path.of("README.md"));
        return lines.stream()
                .skip(lines.indexOf(heading) + 2L)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }
}
