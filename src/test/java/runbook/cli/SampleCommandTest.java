package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;

class SampleCommandTest {

    private static final String COUNT = "select count(*) from individual_process_status.individual_processes";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @Test
    void creates_the_old_shape_and_its_rows() throws SQLException {
        Legacy.fill(postgres);

        assertThat(Legacy.value(postgres, COUNT)).isEqualTo(String.valueOf(Legacy.ROWS));
    }

    @Test
    void refuses_tables_that_hold_rows_and_changes_nothing() throws SQLException {
        Legacy.fill(postgres);

        Said again = Said.by("sample", Legacy.NAME, "--rows", "10", "--target", postgres.target());

        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err())
                .contains("holds rows in individual_process_status.individual_processes", "Nothing was changed.")
                .hasLineCount(1);
        assertThat(Legacy.value(postgres, COUNT)).isEqualTo(String.valueOf(Legacy.ROWS));
    }

    @Test
    void refuses_a_number_of_rows_that_is_none() {
        for (String none : List.of("0", "-1")) {
            Said said = Said.by("sample", Legacy.NAME, "--rows", none, "--target", postgres.target());

            assertThat(said.code()).isEqualTo(1);
            assertThat(said.err())
                    .contains("sample: --rows: expected at least 1, found " + none + ". Nothing was started.")
                    .hasLineCount(1);
        }
    }

    @Test
    void a_stack_that_cannot_be_is_refused_with_all_that_is_wrong() {
        Said said = Said.by("dev", "--rows", "0", "--port-pg", "99999", "--port-ui", "-1");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains(
                        "dev: --rows: expected at least 1, found 0; --port-pg: expected a port from 1 to 65535, or 0 for"
                                + " a free one, found 99999; --port-ui: expected a port",
                        "found -1. Nothing was started.")
                .hasLineCount(1);
    }
}
