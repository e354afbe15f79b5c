package runbook.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** How fast the engine is, measured where it runs. */
@Command(
        name = "bench",
        header = "How fast the engine is, on this machine.",
        description = "Measures the engine against other ways to the same end, on a server of its own.",
        subcommands = {BenchBackfill.class, BenchValidation.class},
        footer = {"%nExamples:", "  ./runbook bench backfill", "  ./runbook bench validation"})
final class BenchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return Main.USAGE;
    }
}
