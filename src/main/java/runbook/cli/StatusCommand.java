package runbook.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import runbook.engine.Catalog;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.engine.account.Account;
import runbook.engine.account.Accounts;
import runbook.report.Report;
import runbook.report.Standing;
import runbook.report.Words;

/** Where the runs of a database stand, without asking Temporal. */
@Command(
        name = "status",
        header = "Where runs stand, without asking Temporal.",
        description = {
            "Tells from the database alone where runs stand: phases, verdicts and their age, progress, quarantine,"
                    + " flags, a stop. It works while Temporal is down and after it has forgotten the run.",
            "With a migration's name it tells about its newest run; without one about every open run, and lists the rest."
        },
        footer = {"%nExample:", "  ./runbook status individual_process_status --target dev"})
final class StatusCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "the migration; all of them unless given")
    private @Nullable String name;

    @Mixin
    private TargetOption where = new TargetOption();

    @Mixin
    private Plugins plugins = new Plugins();

    @Option(names = "--json", description = "prints JSON")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Catalog catalog = plugins.catalog();
        PrintWriter out = spec.commandLine().getOut();
        String target = where.name();
        try (Targets targets = new Targets()) {
            Target looked = targets.named(target);
            List<Account.RunLine> runs = Accounts.runs(looked, name);
            List<Account> accounts = runs.stream()
                    .filter(run -> told(runs, run))
                    .map(run -> Accounts.of(looked, String.valueOf(run.id()), catalog, false))
                    .toList();
            Standings standings = new Standings(looked, catalog);
            if (json) {
                Map<String, Object> facts = new LinkedHashMap<>();
                facts.put("target", target);
                facts.put("standing", accounts.stream().map(standings::of).toList());
                facts.put("runs", runs);
                out.println(Answers.json(facts));
            } else {
                print(out, runs, accounts, standings);
            }
        }
        out.flush();
        return 0;
    }

    /** Open runs; where a migration was named, its newest run even when it is over. */
    private boolean told(List<Account.RunLine> runs, Account.RunLine run) {
        return run.endedAt() == null || (name != null && run.equals(runs.get(0)));
    }

    private void print(PrintWriter out, List<Account.RunLine> runs, List<Account> accounts, Standings standings) {
        String target = standings.target().name();
        if (runs.isEmpty()) {
            out.println(
                    name == null
                            ? "Nothing was ever run on target '" + target + "'."
                            : "There is no run of '" + name + "' on target '" + target + "'.");
            return;
        }
        for (Account account : accounts) {
            out.print(Standing.text(account, standings.of(account)));
            out.println();
        }
        if (accounts.isEmpty()) {
            out.println("No run is open on target '" + target + "'.");
            out.println();
        }
        out.println("Runs, open ones first");
        runs.forEach(run -> out.println("  " + run.id() + "  " + run.migration() + "  "
                + Report.state(run) + "  began " + Words.time(run.startedAt()) + " UTC  took "
                + Words.took(run.startedAt(), run.endedAt())));
        out.println();
        out.println("All of one run: ./runbook report " + runs.get(0).id() + " --target " + target);
    }

    /** Where a run of any migration stands; a migration that this build does not know has no progress and no gate. */
    record Standings(Target target, Catalog catalog) {

        Standing of(Account account) {
            Optional<NextStop> next = catalog.find(account.run().migration())
                    .filter(migration -> account.run().endedAt() == null)
                    .map(migration -> new NextStop(target, account, migration));
            return Standing.of(
                    account,
                    next.map(NextStop::progress).orElse(null),
                    next.flatMap(NextStop::evidence).orElse(null),
                    next.map(NextStop::unread).orElse(List.of()));
        }
    }
}
