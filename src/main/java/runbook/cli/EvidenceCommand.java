package runbook.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import runbook.engine.Catalog;
import runbook.engine.RunbookException;
import runbook.engine.Target;
import runbook.engine.account.Account;
import runbook.engine.account.Accounts;
import runbook.message.Evidence;
import runbook.report.Report;

/** What people decide on at the gate that waits, without asking Temporal. */
@Command(
        name = "evidence",
        header = "What people decide on at a gate, and its hash.",
        description = {
            "Tells from the database alone what the waiting gate of a run is decided on: the decision, which is hashed,"
                    + " and the readings, which are not. Where no gate waits, what the next one would be decided on.",
            "It gathers both as the run does. The definition of the migration is part of the decision: another build"
                    + " than the worker's, or one without its plug-ins, may state another hash."
        },
        footer = {
            "%nExamples:",
            "  ./runbook evidence individual_process_status --target dev",
            "  ./runbook evidence individual_process_status --target dev --canonical | sha256sum"
        })
final class EvidenceCommand extends RunCommand {

    @Option(names = "--canonical", description = "prints the decision alone, byte for byte as it is hashed")
    private boolean canonical;

    @Override
    void answer(Asked asked, PrintWriter out) {
        Account account = Accounts.of(asked.target(), asked.run(), asked.catalog(), false);
        Evidence evidence = gathered(asked.target(), account, asked.catalog());
        if (canonical) {
            out.print(evidence.decision());
        } else if (asked.json()) {
            out.println(Answers.json(facts(account, evidence)));
        } else {
            print(out, account, evidence);
        }
    }

    private static Evidence gathered(Target target, Account account, Catalog catalog) {
        Account.RunLine run = account.run();
        String where = run.migration() + ": run " + run.id() + " on target '" + target.name() + "' ";
        if (run.endedAt() != null) {
            throw new RunbookException(where + "is over, it was " + Report.state(run)
                    + ". No gate waits. What was approved, and by whom: ./runbook report " + run.id() + " --target "
                    + target.name());
        }
        NextStop next = new NextStop(target, account, catalog.named(run.migration()));
        return next.evidence()
                .orElseThrow(() -> new RunbookException(where
                        + (next.unread().isEmpty()
                                ? "stands at '" + stands(run) + "': no gate waits, and none is next"
                                : "could not be read: " + String.join("; ", next.unread()))
                        + ". Look: ./runbook status --target " + target.name()));
    }

    private static String stands(Account.RunLine run) {
        return run.standing() == null ? Report.state(run) : run.standing();
    }

    private static boolean waits(Account account, Evidence evidence) {
        return evidence.gate().equals(NextStop.waiting(account.run()).orElse(null));
    }

    private static List<String> approved(Account account, Evidence evidence) {
        return account.approvals().stream()
                .filter(line -> line.gate().equals(evidence.gate()))
                .filter(line ->
                        line.validity().equals("counts") && line.evidence().equals(evidence.hash()))
                .map(Account.ApprovalLine::person)
                .toList();
    }

    private static Map<String, @Nullable Object> facts(Account account, Evidence evidence) {
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("run", account.run().id());
        facts.put("migration", account.run().migration());
        facts.put("workflowId", account.run().workflowId());
        facts.put("gate", evidence.gate());
        facts.put("waits", waits(account, evidence));
        facts.put("evidence", evidence.hash());
        facts.put("headline", evidence.headline());
        facts.put("blocking", evidence.blocking());
        facts.put("approvals", approved(account, evidence));
        facts.put("decision", Answers.tree(evidence.decision()));
        facts.put("readings", Answers.tree(evidence.readings()));
        return facts;
    }

    private static void print(PrintWriter out, Account account, Evidence evidence) {
        JsonNode decision = Answers.tree(evidence.decision());
        JsonNode readings = Answers.tree(evidence.readings());
        List<String> approved = approved(account, evidence);
        out.println(Report.heading(account));
        out.println("  gate " + evidence.gate()
                + (waits(account, evidence) ? " waits" : " is not open; this is what it would be decided on now"));
        out.println("  evidence " + evidence.hash().substring(0, 8) + ": " + evidence.headline()
                + (approved.isEmpty() ? "" : " Approved by " + String.join(", ", approved) + "."));
        evidence.blocking().forEach(reason -> out.println("  not now: " + reason));
        out.println();
        out.println("Decision: hashed. When it changes, approvals that were given on it count no more.");
        out.println(Answers.json(decision));
        out.println();
        out.println("Readings: shown, not hashed.");
        out.println(Answers.json(readings));
        out.println();
        out.println("SHA-256 of the decision as canonical JSON (RFC 8785): " + evidence.hash());
        out.println(
                "How to approve: temporal workflow metadata -w " + account.run().workflowId());
    }
}
