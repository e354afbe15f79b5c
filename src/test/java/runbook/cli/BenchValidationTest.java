package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That every way finds the three planted differences and tells its seconds; how fast is for a quiet machine to tell. */
class BenchValidationTest {

    @TempDir
    Path folder;

    @Test
    void finds_what_was_planted_and_tells_its_seconds() throws Exception {
        BenchProgram bench = BenchProgram.run(folder, "validation", "--rows", "3000");

        assertThat(bench.arms()).contains("engine", "scan");
        assertThat(bench.facts().get("ratios").fieldNames()).toIterable().contains("scan");
        assertThat(bench.said()).contains("synchronous_commit on", "are a rehearsal");
    }

    @Test
    void an_arm_of_another_bench_is_refused() {
        Said said = Said.by("bench", "validation", "--arms", "loop");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("arm 'loop' found, expected one of scan, reladiff");
    }
}
