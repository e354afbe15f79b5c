package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That every arm runs and says what it found; how fast is for a quiet machine to tell. */
class BenchBackfillTest {

    @TempDir
    Path folder;

    @Test
    void every_arm_runs_in_a_small_heap_and_tells_its_seconds() throws Exception {
        BenchProgram bench = BenchProgram.run(
                folder, "backfill", "--rows", "1000", "--arms", "one_shot,loop,update,row_map,p99,growth");

        assertThat(bench.arms())
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
        assertThat(bench.facts().get("ratios").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("one_shot", "loop", "update", "row_map", "p99", "growth");
        assertThat(bench.said()).contains("heap of this process at most", "synchronous_commit on", "are a rehearsal");
    }

    @Test
    void an_arm_that_does_not_exist_is_refused() {
        Said said = Said.by("bench", "backfill", "--arms", "one_shot,magic");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("arm 'magic' found, expected one of one_shot, loop");
    }
}
