package runbook.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import runbook.worker.RunbookWorker;

/** The two ways in which people start a run, with the input in a file; a {@code null} input is none at all. */
final class StartLines {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final TemporalCli temporal;
    private final Path folder;
    private final Set<String> workflows = new LinkedHashSet<>();

    StartLines(TemporalCli temporal, Path folder) {
        this.temporal = temporal;
        this.folder = folder;
    }

    /** The workflow ids that were used since the last call. */
    Set<String> taken() {
        Set<String> used = Set.copyOf(workflows);
        workflows.clear();
        return used;
    }

    TemporalCli.Printed start(String workflow, @Nullable Object input) {
        return temporal.run(line(List.of("workflow", "start", "--fail-existing"), workflow, input));
    }

    TemporalCli.Printed begin(String workflow, @Nullable Object input) {
        return temporal.run(beginning(workflow, input));
    }

    /** What {@link #begin} runs, to be added to. */
    List<String> beginning(String workflow, @Nullable Object input) {
        return line(
                List.of(
                        "workflow",
                        "execute-update-with-start",
                        "--update-name",
                        "begin",
                        "--id-conflict-policy",
                        "Fail"),
                workflow,
                input);
    }

    private List<String> line(List<String> command, String workflow, @Nullable Object input) {
        workflows.add(workflow);
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of("--type", "Migration", "-t", RunbookWorker.TASK_QUEUE, "-w", workflow));
        if (input != null) {
            line.addAll(List.of("--input-file", file(input).toString()));
        }
        return line;
    }

    private Path file(Object input) {
        try {
            return Files.write(Files.createTempFile(folder, "input", ".json"), JSON.writeValueAsBytes(input));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
