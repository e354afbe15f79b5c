package runbook.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import runbook.engine.RunbookException;

/** The whole product in a minute and a half, on servers of its own. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts PostgreSQL and Temporal, fills a legacy database, lets an application write to it, and runs a whole"
                    + " migration. Plays the approvers, and says so. Proves the result with SQL of its own.",
            "Exit code 0 only if everything held.",
            "Example: ./runbook demo --rows 200000 --rollback"
        })
final class Demo implements Callable<Integer> {

    private static final long FEWEST_ROWS = 1_000;

    @Option(
            names = "--rows",
            defaultValue = "50000",
            description = "Processes in the legacy database (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Option(names = "--seed", defaultValue = "1", description = "The same rows for the same seed.")
    private long seed;

    @Option(names = "--rollback", description = "Show the way back after the cutover instead of the clean-up.")
    private boolean rollback;

    @Option(names = "--html", description = "Where the report goes (default: a file below the temporary folder).")
    private @Nullable Path html;

    @Override
    public Integer call() throws Exception {
        if (rows < FEWEST_ROWS) {
            throw new RunbookException("--rows: expected at least " + FEWEST_ROWS
                    + ", or the sample has too few of its odd cases; found " + rows);
        }
        Locale.setDefault(Locale.ROOT);
        return new DemoRun(new DemoScreen(System.out, System.console() != null), rows, seed, rollback, html).play()
                ? 0
                : 1;
    }
}
