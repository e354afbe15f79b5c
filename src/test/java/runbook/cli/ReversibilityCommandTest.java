package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;

class ReversibilityCommandTest {

    private static final String CHANGE =
            "update individual_process_status.individual_processes set status = 'planted-status' where id <= 2";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @BeforeEach
    void a_run_that_holds_what_the_old_shape_cannot() throws Exception {
        Planted.plant(postgres);
        Legacy.execute(postgres, Role.RUNBOOK, CHANGE);
    }

    @Test
    void counts_what_a_roll_back_would_lose_and_names_the_command() {
        String told = told();

        assertThat(told)
                .startsWith(Legacy.NAME + " on " + postgres.target() + ": run 1, running")
                .contains("before the cutover", "until the gate cleanup is approved", "--name rollback")
                .contains("loses 2 rows: the old shape holds one status", "--reveal lists them.")
                .doesNotContain("{\"id\"", "planted");
    }

    @Test
    void lists_the_rows_to_those_who_ask() {
        assertThat(told("--reveal").lines().filter(line -> line.startsWith("  {\"id\":")))
                .hasSize(2);
    }

    @Test
    void answers_programs() throws Exception {
        JsonNode told = new ObjectMapper().readTree(told("--json"));

        assertThat(told.get("stage").asText()).isEqualTo("BEFORE_CUTOVER");
        assertThat(told.get("mappings").get(0).get("verdict").asText()).isEqualTo("LOSES");
        assertThat(told.get("mappings").get(0).get("rows").asLong()).isEqualTo(2);
        assertThat(told.get("mappings").get(0).get("listed")).isEmpty();
    }

    private String told(String... words) {
        String[] arguments = new String[words.length + 4];
        arguments[0] = "reversibility";
        arguments[1] = "1";
        arguments[2] = "--target";
        arguments[3] = postgres.target();
        System.arraycopy(words, 0, arguments, 4, words.length);
        Said said = Said.by(arguments);
        assertThat(said.err()).isEmpty();
        assertThat(said.code()).isZero();
        return said.out();
    }
}
