package runbook.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import runbook.engine.RunbookException;
import runbook.hook.HookFile;
import runbook.hook.WorkerHooks;

/** Whom a worker tells what happens to its runs. */
final class HooksOption {

    @Option(
            names = "--hooks",
            paramLabel = "FILE",
            description = "commands and addresses that are told what happens to runs; JSON, see docs/hooks.md."
                    + " All workers need the same")
    private @Nullable Path file;

    WorkerHooks read() {
        if (file == null) {
            return WorkerHooks.NONE;
        }
        HookFile read = HookFile.read(file, System.getenv());
        if (!read.problems().isEmpty()) {
            int count = read.problems().size();
            throw new RunbookException("hooks: " + count + (count == 1 ? " problem" : " problems") + " in " + file
                    + ":\n- " + String.join("\n- ", read.problems())
                    + "\nNothing was started. docs/hooks.md has what it may hold.");
        }
        return read.hooks();
    }
}
