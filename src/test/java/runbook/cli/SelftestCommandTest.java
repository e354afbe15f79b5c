package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.TestPostgres;
import runbook.engine.Catalog;
import runbook.engine.Pulse;
import runbook.engine.Targets;
import runbook.engine.selftest.Finding;
import runbook.engine.selftest.Selftest;
import runbook.migrations.Bundled;
import runbook.spi.Migration;

class SelftestCommandTest {

    private static final String STATUS = "individual_process_statuses.status_name";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @TempDir
    Path folder;

    @Test
    void catches_everything_that_is_planted_in_a_bundled_migration() throws Exception {
        // A program of its own: it publishes the service file of a server that is gone when it ends.
        Process selftest = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "selftest",
                        Legacy.NAME,
                        "--json")
                .redirectError(folder.resolve("err").toFile())
                .start();
        String out = new String(selftest.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(selftest.waitFor())
                .as(Files.readString(folder.resolve("err")))
                .isZero();
        Map<String, String> fates = new TreeMap<>();
        for (JsonNode finding : new ObjectMapper().readTree(out).get("findings")) {
            fates.put(
                    finding.get("corruption").asText() + ": "
                            + finding.get("where").asText(),
                    finding.get("fate").asText() + " " + finding.get("by").asText());
        }
        assertThat(fates)
                .allSatisfy((planted, fate) ->
                        assertThat(fate).doesNotStartWith("NOT_CAUGHT").doesNotContain("THOUGH_EQUAL"))
                .hasEntrySatisfying("a flipped byte: " + STATUS, fate -> assertThat(fate)
                        .isEqualTo("CAUGHT \"the active status is the legacy status\" (1)"))
                .containsKeys(
                        "swapped values of two rows: " + STATUS,
                        "NULL becomes '': " + STATUS,
                        "'' becomes NULL: " + STATUS,
                        "a trailing blank: " + STATUS,
                        "other case: " + STATUS,
                        "cut precision: individual_process_statuses.changed_at",
                        "a shifted time zone: individual_process_statuses.changed_at",
                        "a dropped row: individual_process_statuses",
                        "a row twice: individual_process_statuses",
                        "a foreign write: individual_process_statuses",
                        "jsonb keys in another order: anywhere",
                        "NaN: anywhere",
                        "0.0 becomes -0.0: anywhere");
    }

    @Test
    void names_what_a_validation_without_its_comparison_lets_pass() {
        Legacy.fill(postgres);
        Migration blind = without("comparisons", new Catalog(Bundled.migrations()).named(Legacy.NAME));
        List<Finding> findings;
        try (Targets targets = new Targets()) {
            findings = Selftest.run(targets.named(postgres.target()), blind, Pulse.NONE);
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();

        int code = SelftestCommand.tell(
                new PrintWriter(out), new PrintWriter(err), new SelftestCommand.Answer(Legacy.NAME, findings), false);

        assertThat(code).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("runbook: " + Legacy.NAME + ": selftest: ")
                .contains("a flipped byte in " + STATUS + ": not caught", "other case in " + STATUS + ": not caught")
                .doesNotContain("changed_at")
                .hasLineCount(1);
        assertThat(out.toString()).containsPattern("a flipped byte +" + STATUS + " +not caught");
    }

    @Test
    void where_nothing_could_be_caught_nothing_is_known() {
        StringWriter err = new StringWriter();
        List<Finding> refused = List.of(
                new Finding("a flipped byte", STATUS, Finding.Fate.REFUSED_BY_THE_DATABASE, "a constraint"),
                new Finding("NaN", "anywhere", Finding.Fate.NOT_APPLICABLE, "no such column"));

        int code = SelftestCommand.tell(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err),
                new SelftestCommand.Answer(Legacy.NAME, refused),
                true);

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("none of 2 was caught, expected one at least");
    }

    private static Migration without(String method, Migration migration) {
        return (Migration) Proxy.newProxyInstance(
                Migration.class.getClassLoader(),
                new Class<?>[] {Migration.class},
                (self, called, arguments) ->
                        called.getName().equals(method) ? List.of() : called.invoke(migration, arguments));
    }
}
