package runbook.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.WorkflowReplayer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that waits for weeks is taken up by a newer worker: it must decide again what it decided before. */
class ReplayTest {

    private static final Path FOLDER = Path.of("src/test/resources/histories");

    static Stream<Path> histories() throws Exception {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("histories")
    void decides_again_what_was_decided(Path file) throws Exception {
        replay(Files.readString(file));
    }

    @Test
    void every_workflow_type_has_a_history() throws Exception {
        List<String> recorded = histories()
                .map(file -> file.getFileName().toString().replace(".json", ""))
                .distinct()
                .toList();

        assertThat(recorded).hasSameSizeAs(Workflows.types());
    }

    @Test
    void notices_another_order() throws Exception {
        String whole = Files.readString(FOLDER.resolve("whole-run/Migration.json"));

        assertThatThrownBy(() -> replay(whole.replace("\"GatherEvidence\"", "\"Attest\"")))
                .hasMessageContaining("NonDeterministicException");
    }

    private static void replay(String json) throws Exception {
        Class<?>[] types = Workflows.types();
        Class<?>[] others = Stream.of(types).skip(1).toArray(Class<?>[]::new);
        WorkflowReplayer.replayWorkflowExecution(WorkflowExecutionHistory.fromJson(json, Rig.ID), types[0], others);
    }
}
