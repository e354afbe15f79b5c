package runbook.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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
final class ReportCommand extends RunCommand {

    @Option(names = "--html", paramLabel = "F", description = "writes one page that needs nothing else to F")
    private @Nullable Path html;

    @Option(names = "--reveal", description = "shows keys, row values and error texts too")
    private boolean reveal;

    @Override
    void answer(Asked asked, PrintWriter out) {
        Account account = Accounts.of(asked.target(), asked.run(), asked.catalog(), reveal);
        Path written = html == null ? null : Reports.write(account, html);
        if (asked.json()) {
            out.println(Answers.json(account));
        } else if (written != null) {
            out.println("Report: " + written);
        } else {
            out.print(Report.text(account));
        }
    }
}
