package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That every way finds the three planted differences and tells its seconds; how fast is for a quiet machine to tell. */
class BenchValidationTest {

    @TempDir
    Path folder;

    @Test
    void finds_what_was_planted_and_tells_its_seconds() throws Exception {
        // A program of its own: it publishes the service file of a server that is gone when it ends.
        Process bench = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "bench",
                        "validation",
                        "--rows",
                        "3000",
                        "--rounds",
                        "1",
                        "--json")
                .redirectError(folder.resolve("err").toFile())
                .start();
        String out = new String(bench.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(bench.waitFor()).as(said()).isZero();
        JsonNode facts = new ObjectMapper().readTree(out);
        assertThat(facts.get("arms"))
                .extracting(arm -> arm.get("name").asText())
                .contains("engine", "scan");
        assertThat(facts.get("arms"))
                .allSatisfy(
                        arm -> assertThat(arm.get("seconds")).isNotEmpty().allMatch(seconds -> seconds.asDouble() > 0));
        assertThat(facts.get("ratios").fieldNames()).toIterable().contains("scan");
        assertThat(said()).contains("synchronous_commit on", "are a rehearsal");
    }

    @Test
    void an_arm_of_another_bench_is_refused() {
        Said said = Said.by("bench", "validation", "--arms", "loop");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("arm 'loop' found, expected one of scan, reladiff");
    }

    private String said() throws java.io.IOException {
        return Files.readString(folder.resolve("err"));
    }
}
