package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That every arm runs and says what it found; how fast is for a quiet machine to tell. */
class BenchBackfillTest {

    @TempDir
    Path folder;

    @Test
    void every_arm_runs_in_a_small_heap_and_tells_its_seconds() throws Exception {
        // A program of its own: it publishes the service file of a server that is gone when it ends.
        Process bench = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "bench",
                        "backfill",
                        "--rows",
                        "1000",
                        "--rounds",
                        "1",
                        "--arms",
                        "one_shot,loop,update,row_map,p99,growth",
                        "--json")
                .redirectError(folder.resolve("err").toFile())
                .start();
        String out = new String(bench.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(bench.waitFor()).as(said()).isZero();
        JsonNode facts = new ObjectMapper().readTree(out);
        List<String> arms = new ArrayList<>();
        facts.get("arms").forEach(arm -> {
            arms.add(arm.get("name").asText());
            assertThat(arm.get("seconds")).isNotEmpty().allMatch(seconds -> seconds.asDouble() > 0);
        });
        assertThat(arms)
                .containsExactlyInAnyOrder(
                        "engine",
                        "engine_copy",
                        "engine_update",
                        "engine_row_map",
                        "engine_10x",
                        "one_shot",
                        "loop",
                        "p99_without",
                        "p99_beside",
                        "copy_beside");
        assertThat(facts.get("ratios").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("one_shot", "loop", "update", "row_map", "p99", "growth");
        assertThat(said()).contains("heap of this process at most", "synchronous_commit on", "are a rehearsal");
    }

    @Test
    void an_arm_that_does_not_exist_is_refused() {
        Said said = Said.by("bench", "backfill", "--arms", "one_shot,magic");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("arm 'magic' found, expected one of one_shot, loop");
    }

    private String said() throws java.io.IOException {
        return Files.readString(folder.resolve("err"));
    }
}
