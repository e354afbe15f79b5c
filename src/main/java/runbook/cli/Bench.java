package runbook.cli;

import java.io.PrintWriter;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import runbook.cli.bench.Arm;
import runbook.cli.bench.BackfillBench.Settings;
import runbook.cli.bench.Figures;
import runbook.engine.RunbookException;

/** What all benches take and print: seconds by arm, their ratios, and the lines that were missed. */
abstract class Bench implements Callable<Integer> {

    private static final long FEWEST_ROWS = 1_000;

    @Option(names = "--rows", paramLabel = "N", description = "rows of the source; ${DEFAULT-VALUE} unless given")
    private long rows = Settings.JUDGED;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "how often each arm is run; ${DEFAULT-VALUE} unless given")
    private int rounds = 3;

    @Option(names = "--arms", split = ",", paramLabel = "A", description = "only these")
    private List<String> arms = List.of();

    @Option(names = "--json", description = "prints JSON")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Set<Arm> all;

    /** @param all the arms there are */
    Bench(Set<Arm> all) {
        this.all = all;
    }

    /** Measures; what is going on is said meanwhile. */
    abstract Figures run(Settings settings, Consumer<String> say) throws Exception;

    @Override
    public Integer call() throws Exception {
        if (rows < FEWEST_ROWS || rounds < 1) {
            throw new RunbookException("bench: " + rows + " rows and " + rounds + " rounds found, expected at least "
                    + FEWEST_ROWS + " and 1. Nothing was started.");
        }
        Settings settings = new Settings(rows, rounds, Arm.named(arms, all));
        PrintWriter err = spec.commandLine().getErr();
        Figures figures = run(settings, line -> {
            err.println(line);
            err.flush();
        });
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Answers.json(figures.json()));
        } else {
            print(out, figures);
        }
        out.flush();
        if (!settings.judged()) {
            err.println(String.format(
                    Locale.ROOT, "%,d rows are a rehearsal: lines are judged from %,d on.", rows, Settings.JUDGED));
        } else {
            figures.missed().forEach(missed -> err.println("bench: " + missed));
        }
        err.flush();
        return settings.judged() && !figures.missed().isEmpty() ? Main.REFUSED : 0;
    }

    private static void print(PrintWriter out, Figures figures) {
        out.printf(Locale.ROOT, "%-28s %10s %10s %10s%n", "", "median s", "from", "to");
        for (Figures.Rounds arm : figures.rounds()) {
            out.printf(
                    Locale.ROOT,
                    "%-28s %10.4f %10.4f %10.4f%n",
                    arm.name(),
                    arm.median(),
                    Collections.min(arm.seconds()),
                    Collections.max(arm.seconds()));
        }
        out.println();
        figures.ratios()
                .forEach((arm, ratio) -> out.printf(
                        Locale.ROOT, "%-10s %8.2f   %-14s %s%n", arm.word(), ratio, arm.limit(), arm.means()));
    }
}
