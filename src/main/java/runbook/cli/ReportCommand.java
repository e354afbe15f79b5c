package runbook.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import runbook.engine.Targets;
import runbook.engine.account.Account;
import runbook.engine.account.Accounts;
import runbook.report.Report;

/** Everything that a database remembers of one run. */
@Command(
        name = "report",
        header = "Everything about one run, also as a page.",
        description = {
            "Tells everything that the target remembers of one run: phases, checks, counts, backups with their drill,"
                    + " locks, approvals, losses, quarantine, audit.",
            "Keys, row values and error texts are left out unless --reveal asks for them."
        },
        footer = {"%nExample:", "  ./runbook report individual_process_status --target dev --html report.html"})
final class ReportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "RUN", description = "the number of a run, or a migration's name for its newest run")
    private String run = "";

    @Mixin
    private TargetOption target = new TargetOption();

    @Option(names = "--html", paramLabel = "F", description = "writes one page that needs nothing else to F")
    private @Nullable Path html;

    @Option(names = "--json", description = "prints JSON")
    private boolean json;

    @Option(names = "--reveal", description = "shows keys, row values and error texts too")
    private boolean reveal;

    @Mixin
    private Plugins plugins = new Plugins();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Targets targets = new Targets()) {
            Account account = Accounts.of(targets.named(target.name()), run, plugins.catalog(), reveal);
            Path written = html == null ? null : Reports.write(account, html);
            if (json) {
                out.println(Answers.json(account));
            } else if (written != null) {
                out.println("Report: " + written);
            } else {
                out.print(Report.text(account));
            }
        }
        out.flush();
        return 0;
    }
}
