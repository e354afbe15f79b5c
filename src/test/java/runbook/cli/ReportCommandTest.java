package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.TestPostgres;
import runbook.cli.dev.Role;

class ReportCommandTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @TempDir
    Path folder;

    @BeforeEach
    void a_run_with_secrets() throws Exception {
        Planted.plant(postgres);
    }

    @Test
    void tells_all_of_a_run_by_its_number_or_its_migration() {
        String byNumber = report("1");

        assertThat(byNumber)
                .startsWith(Legacy.NAME + " on " + postgres.target() + ": run 1, running")
                .contains("requested by dana")
                .contains("the active status is the legacy status")
                .contains("already has a status")
                .containsPattern("db-worker-2 +backups/one")
                .contains("SHARE ROW EXCLUSIVE: individual_processes")
                .containsPattern("alice +temporal-cli:alice +01234567 +2 passed; backup ")
                .containsPattern("a status changes: write +before +\\d+ +[0-9.]+ ms")
                .containsPattern("a status changes: write +during the copy +0 .* not measured: the run")
                .contains("begin")
                .contains("23514");
        assertThat(report(Legacy.NAME).lines().skip(4))
                .containsExactlyElementsOf(byNumber.lines().skip(4).toList());
    }

    @Test
    void keeps_keys_values_and_texts_back_in_every_form() throws Exception {
        Path page = folder.resolve("report.html");
        String text = report("1");
        String json = report("1", "--json");
        report("1", "--html", page.toString());
        String status =
                Said.by("status", Legacy.NAME, "--target", postgres.target()).out();
        String statusJson =
                Said.by("status", "--json", "--target", postgres.target()).out();

        for (String form : new String[] {text, json, Files.readString(page), status, statusJson}) {
            assertThat(form).contains("statuses").doesNotContain("planted-");
        }
    }

    @Test
    void reveals_them_to_those_who_ask() throws Exception {
        Path page = folder.resolve("report.html");
        String text = report("1", "--reveal");
        String json = report("1", "--reveal", "--json");
        report("1", "--reveal", "--html", page.toString());

        for (String form : new String[] {text, json, Files.readString(page)}) {
            assertThat(form).contains(Planted.REVEALED).doesNotContain("planted-cursor");
        }
    }

    @Test
    void writes_a_page_that_is_harmless_and_needs_nothing_else() throws Exception {
        Path page = folder.resolve("report.html");

        String said = report("1", "--reveal", "--html", page.toString());

        assertThat(said).isEqualToIgnoringNewLines("Report: " + page);
        assertThat(page)
                .content()
                .startsWith("<!doctype html>")
                .contains("seen &lt;b&gt;it&lt;/b&gt;", "&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script", "src=", "href=", "url(", "@import", "http");
    }

    @Test
    void answers_programs_with_every_part() throws Exception {
        JsonNode report = new ObjectMapper().readTree(report("1", "--json"));

        assertThat(report.get("run").get("startedAt").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        assertThat(report.get("impact")).hasSize(8);
        assertThat(report.get("impact").get(4).get("times").get("p50Millis").asDouble())
                .isPositive();
        assertThat(report.get("backfills").get(0).get("copied").asLong()).isEqualTo(298);
        assertThat(report.get("violations").get(0).get("open").asLong()).isEqualTo(1);
        assertThat(report.get("quarantine").get(0).get("held").asLong()).isEqualTo(1);
        assertThat(report.get("problems").get(0).get("text").isNull()).isTrue();
        assertThat(report.get("losses").get(0).get("rows").asLong()).isZero();
        assertThat(report.get("approvals").get(0).get("identity").asText()).isEqualTo("temporal-cli:alice");
        assertThat(report.get("approvals"))
                .extracting(line -> line.get("validity").asText())
                .containsExactly("counts", "expired", "counts");
    }

    @Test
    void a_stop_belongs_to_the_runs_that_were_open() throws Exception {
        Legacy.execute(postgres, Role.RUNBOOK, "select runbook.stop('first')");
        Legacy.execute(
                postgres,
                Role.RUNBOOK,
                "update runbook.migration_run set state = 'aborted', ended_at = clock_timestamp()");
        Legacy.execute(postgres, Role.RUNBOOK, "select runbook.stop('second')");

        assertThat(report("1").replaceAll("(?s).*\nAudit\n", ""))
                .contains("reason: first")
                .doesNotContain("second");
    }

    @Test
    void names_the_runs_that_there_are_when_asked_for_another() {
        Said said = Said.by("report", "17", "--target", postgres.target());

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains("knows no run '17'; it knows: 1 (individual_process_status, running)")
                .hasLineCount(1);
    }

    @Test
    void refuses_a_page_in_a_folder_that_is_not_there() {
        Said said = Said.by(
                "report",
                "1",
                "--target",
                postgres.target(),
                "--html",
                folder.resolve("none/report.html").toString());

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("Nothing was written").hasLineCount(1);
    }

    private String report(String... words) {
        String[] arguments = new String[words.length + 3];
        arguments[0] = "report";
        System.arraycopy(words, 0, arguments, 1, words.length);
        arguments[words.length + 1] = "--target";
        arguments[words.length + 2] = postgres.target();
        Said said = Said.by(arguments);
        assertThat(said.err()).isEmpty();
        assertThat(said.code()).isZero();
        return said.out();
    }
}
