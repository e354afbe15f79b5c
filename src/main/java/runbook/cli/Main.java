package runbook.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The word {@code runbook}: finds the command that was meant, and turns how it ended into an exit code. */
@Command(
        name = "./runbook",
        description = {
            "Runs production data migrations on PostgreSQL as durable Temporal workflows.",
            "Start with: ./runbook demo"
        },
        subcommands = {
            Demo.class,
            ListCommand.class,
            PlanCommand.class,
            GrantsCommand.class,
            SampleCommand.class,
            DevCommand.class,
            WorkerCommand.class,
            StatusCommand.class,
            EvidenceCommand.class,
            ReportCommand.class,
            ReversibilityCommand.class,
            RestoreCommand.class,
            UnarchiveCommand.class,
            SelftestCommand.class,
            BenchCommand.class
        },
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 100,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:refused or failed; one message says why", "2:not understood; nothing was done"})
public final class Main implements Callable<Integer> {

    static final int REFUSED = 1;
    static final int USAGE = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** For tests, which read what is printed. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return commandLine().setOut(out).setErr(err).execute(arguments);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Refusals::usage)
                .setExecutionExceptionHandler(Refusals::failure);
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return USAGE;
    }
}
