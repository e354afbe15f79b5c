package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A bench as a program of its own: it publishes the service file of a server that is gone when it ends.
 *
 * @param facts what it printed
 * @param said what it said meanwhile
 */
record BenchProgram(JsonNode facts, String said) {

    /** Runs it to its good end, once through all arms. */
    static BenchProgram run(Path folder, String... words) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "bench"));
        line.addAll(List.of(words));
        line.addAll(List.of("--rounds", "1", "--json"));
        Path err = folder.resolve("err");
        Process bench = new ProcessBuilder(line).redirectError(err.toFile()).start();
        String out = new String(bench.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bench.waitFor()).as(Files.readString(err)).isZero();
        return new BenchProgram(new ObjectMapper().readTree(out), Files.readString(err));
    }

    /** The arms that were measured; each has seconds. */
    List<String> arms() {
        List<String> arms = new ArrayList<>();
        facts.get("arms").forEach(arm -> {
            arms.add(arm.get("name").asText());
            assertThat(arm.get("seconds")).isNotEmpty().allMatch(seconds -> seconds.asDouble() > 0);
        });
        return arms;
    }
}
