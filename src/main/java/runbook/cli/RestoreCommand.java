package runbook.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import runbook.engine.Pulse;
import runbook.engine.Targets;
import runbook.engine.backup.Restore;
import runbook.engine.backup.RestoreFacts;
import runbook.engine.backup.RestoreRequest;
import runbook.engine.backup.TableRestore;
import runbook.report.Words;

/** A backup put back by hand. */
@Command(
        name = "restore",
        header = "Puts a backup back.",
        description = {
            "Makes tables equal to a backup again, in one transaction: all of them, or one. Only rows that differ are"
                    + " written. Refused while a run is open in the target.",
            "Look first: --dry-run tells what would change, --into makes copies in another schema."
        },
        footer = {
            "%nExample:",
            "  ./runbook restore runbook-backups/individual_process_status-run1-1 --target dev --dry-run"
        })
final class RestoreCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FOLDER", description = "the backup; ./runbook report RUN names it")
    private Path folder = Path.of("");

    @Option(names = "--target", paramLabel = "T", required = true, description = "a service in pg_service.conf")
    private String target = "";

    @Option(names = "--table", paramLabel = "SCHEMA.TABLE", description = "only this table")
    private @Nullable String table;

    @Option(
            names = "--into",
            paramLabel = "SCHEMA",
            description = "copies in this schema, beside the tables themselves")
    private @Nullable String into;

    @Option(names = "--dry-run", description = "only tells what would change")
    private boolean dryRun;

    @Option(names = "--json", description = "prints JSON")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        RestoreRequest request =
                new RestoreRequest(Optional.ofNullable(table), Optional.ofNullable(into), dryRun, false);
        PrintWriter out = spec.commandLine().getOut();
        try (Targets targets = new Targets()) {
            RestoreFacts facts = Restore.run(targets.named(target), folder, request, Pulse.NONE);
            if (json) {
                out.println(Answers.json(facts));
            } else {
                print(out, facts);
            }
        }
        out.flush();
        return 0;
    }

    private void print(PrintWriter out, RestoreFacts facts) {
        facts.tables().forEach(line -> out.println(words(line)));
        facts.notes().forEach(note -> out.println("note: " + note));
        out.println(
                facts.applied()
                        ? "Restored in " + Words.duration(Duration.ofMillis(facts.millis())) + "."
                        : "Nothing was changed: this was a dry run.");
    }

    private static String words(TableRestore line) {
        return line.table() + ": " + (line.created() ? "not there before; " : "") + Words.number(line.onlyInBackup())
                + " rows only in the backup, " + Words.number(line.onlyInTable()) + " only in the table, "
                + Words.number(line.different()) + " different"
                + (line.remaining() == 0
                        ? ""
                        : "; " + Words.number(line.remaining()) + " still differ, since triggers"
                                + " of the table changed them");
    }
}
