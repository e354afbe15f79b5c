package runbook.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import runbook.engine.Pulse;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.engine.Unarchive;
import runbook.message.PhaseReport;
import runbook.report.Words;
import runbook.spi.Migration;

/** The way back between the clean-up and the drop. */
@Command(
        name = "unarchive",
        header = "Brings back what a clean-up has retired, until it is dropped.",
        description = {
            "Brings the old shape back as it was when it was retired: tables and columns under their old names, switched"
                    + " views and flags as they were, in one short transaction. Then the new tables go to"
                    + " runbook_archive, and a new run can start.",
            "What was written since is in these tables alone: without --yes it is counted, and nothing is changed; with it,"
                    + " it is counted once more and kept. Refused while a run is open: its workflow could drop meanwhile"
                    + " what is brought back.",
            "Exit code 1, too, when something could not be counted, or the old shape is not as it was before the run."
        },
        footer = {"%nExample:", "  ./runbook unarchive individual_process_status --target dev"})
final class UnarchiveCommand implements Callable<Integer> {

    /** Before it is done and counted to the end, a look is enough. */
    private static final Duration GLANCE = Duration.ofMinutes(1);

    /** What is not counted in a working day is not waited for. */
    private static final Duration WHOLE = Duration.ofHours(8);

    @Parameters(paramLabel = "NAME", description = "the migration; ./runbook list shows them")
    private String name = "";

    @Option(names = "--target", paramLabel = "T", required = true, description = "a service in pg_service.conf")
    private String target = "";

    @Option(names = "--yes", description = "does it; without, it only tells what would come back and what is lost")
    private boolean yes;

    @Option(names = "--by", paramLabel = "YOU", description = "who asks for it, for the audit; your login unless given")
    private @Nullable String by;

    @Mixin
    private Plugins plugins = new Plugins();

    @Option(names = "--json", description = "prints JSON")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Migration migration = plugins.catalog().named(name);
        PrintWriter out = spec.commandLine().getOut();
        Unarchive.Outlook outlook;
        @Nullable PhaseReport done;
        try (Targets targets = new Targets()) {
            Target looked = targets.named(target);
            outlook = Unarchive.outlook(looked, migration, yes ? GLANCE : WHOLE);
            if (!json) {
                print(out, outlook);
                out.flush();
            }
            done = yes ? Unarchive.bringBack(looked, migration, who(), Pulse.NONE) : null;
        }
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("target", target);
            facts.put("outlook", outlook);
            facts.put("applied", done != null);
            if (done != null) {
                facts.put("report", done);
            }
            out.println(Answers.json(facts));
        } else {
            out.println(
                    done == null
                            ? "Nothing was changed: this was a dry run. To do it: ./runbook unarchive " + name
                                    + " --target " + target + " --yes"
                            : "Brought back: " + done.summary()
                                    + (done.problems().isEmpty() ? ". A new run can start." : "."));
        }
        out.flush();
        return ended(done == null ? notCounted(outlook) : done.problems());
    }

    private static List<String> notCounted(Unarchive.Outlook outlook) {
        boolean all = outlook.run() == 0
                || !outlook.lost().isEmpty() && outlook.lost().stream().allMatch(lost -> lost.count() != null);
        return all
                ? List.of()
                : List.of("nothing was changed; what it would lose was not counted whole, as it says above. Put that"
                        + " right, or look with --yes at what it keeps of it.");
    }

    private int ended(List<String> problems) {
        PrintWriter err = spec.commandLine().getErr();
        problems.forEach(problem -> err.println("runbook: " + problem));
        err.flush();
        return problems.isEmpty() ? 0 : Main.REFUSED;
    }

    private String who() {
        return by == null || by.isBlank() ? System.getProperty("user.name", "unknown") : by;
    }

    private void print(PrintWriter out, Unarchive.Outlook outlook) {
        String what = String.join(", ", outlook.pieces());
        if (outlook.run() == 0) {
            out.println(name + " on " + target + ": an interrupted unarchive has brought back " + what
                    + "; what is left is to move the new shape aside.");
            return;
        }
        out.println(name + " on " + target + ": run " + outlook.run() + " retired " + what + " at "
                + Words.time(outlook.retiredAt()) + " UTC.");
        out.println("It comes back as it was then. The new shape goes to runbook_archive with all its rows, and whoever"
                + " uses it gets errors. The old shape will lack:");
        for (Unarchive.Lost lost : outlook.lost()) {
            Long count = lost.count();
            out.println("  " + (count == null ? "not verified (" + lost.note() + ")" : Words.number(count)) + ": "
                    + lost.claim());
        }
        if (outlook.lost().isEmpty()) {
            out.println("  not verified: the migration neither compares anything nor names a loss");
        }
        out.println();
    }
}
