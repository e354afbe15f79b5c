package runbook.cli;

import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import runbook.engine.account.Accounts;
import runbook.engine.account.Reversibility;
import runbook.report.Report;
import runbook.report.Words;

/** What going back would cost now. */
@Command(
        name = "reversibility",
        header = "Until when a run can go back, how, and what that would lose.",
        description = {
            "Tells from the database alone, on the rows of now: for each thing that the old shape cannot hold whether a"
                    + " roll-back is lossless, loses rows (how many), or is not verified; until which moment one can go"
                    + " back, and the command that does it.",
            "Which rows these are is left out unless --reveal asks for it."
        },
        footer = {"%nExample:", "  ./runbook reversibility individual_process_status --target dev"})
final class ReversibilityCommand extends RunCommand {

    @Option(names = "--reveal", description = "lists the rows: their keys and values")
    private boolean reveal;

    @Override
    void answer(Asked asked, PrintWriter out) {
        Reversibility found = Reversibility.of(asked.target(), asked.run(), asked.catalog(), reveal);
        if (asked.json()) {
            out.println(Answers.json(found));
        } else {
            print(out, found);
        }
    }

    private static void print(PrintWriter out, Reversibility found) {
        out.println(found.run().migration() + " on " + found.run().target() + ": run "
                + found.run().id() + ", " + Report.state(found.run()));
        out.println("  " + found.stage().words());
        out.println("  as of " + Words.time(found.asOf()) + " UTC");
        out.println();
        if (found.command().isEmpty()) {
            out.println("Nothing is left to take back.");
            return;
        }
        out.println("The way back, " + found.until() + ":");
        out.println("  " + found.command());
        for (Reversibility.Mapping mapping : found.mappings()) {
            out.println();
            out.println(words(mapping) + ": " + mapping.claim());
            mapping.listed().forEach(row -> out.println("  " + row));
            hidden(out, found, mapping);
        }
    }

    private static void hidden(PrintWriter out, Reversibility found, Reversibility.Mapping mapping) {
        Long rows = mapping.rows();
        if (rows == null || rows == 0) {
            return;
        }
        if (!found.revealed()) {
            out.println("  --reveal lists them.");
        } else if (rows > mapping.listed().size()) {
            out.println("  The first " + Accounts.SHOWN + " of them; ./runbook plan "
                    + found.run().migration() + " has the query for all.");
        }
    }

    private static String words(Reversibility.Mapping mapping) {
        Long rows = mapping.rows();
        String note = mapping.note().isEmpty() ? "" : " (" + mapping.note() + ")";
        return mapping.verdict() == Reversibility.Verdict.LOSES && rows != null
                ? "loses " + Words.number(rows) + (rows == 1 ? " row" : " rows")
                : mapping.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ') + note;
    }
}
