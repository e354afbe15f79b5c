package runbook.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import runbook.cli.dev.DevPostgres;
import runbook.cli.dev.Role;
import runbook.engine.Pulse;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.engine.selftest.Finding;
import runbook.engine.selftest.Selftest;
import runbook.report.Section;
import runbook.report.TextTable;
import runbook.sample.Samples;
import runbook.spi.Migration;

/** Whether the validation of a migration would notice a spoilt copy. */
@Command(
        name = "selftest",
        header = "Plants known corruptions in a copy and tells which check catches each.",
        description = {
            "Starts a PostgreSQL of its own, fills the old shape with its sample, brings it over, and then plants one"
                    + " corruption after the other in the new shape and asks the migration's validation. It knows no"
                    + " target, so no row of yours is read or written.",
            "Exit code 1 when one of them is not caught, when something equal is, or when there was nothing to catch: where"
                    + " the database refuses all of them, or none applies, nothing is known of the validation."
        },
        footer = {"%nExample:", "  ./runbook selftest individual_process_status"})
final class SelftestCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "the migration; ./runbook list shows them")
    private String name = "";

    @Option(names = "--rows", paramLabel = "N", description = "rows of the sample; ${DEFAULT-VALUE} unless given")
    private long rows = 1_000;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "another number, other rows; ${DEFAULT-VALUE} unless given")
    private long seed = 1;

    @Mixin
    private Plugins plugins = new Plugins();

    @Option(names = "--json", description = "prints JSON")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        new Bounds("selftest").rows(rows).hold();
        Migration migration = plugins.catalog().named(name);
        Samples.named(migration.name());
        List<Finding> findings;
        DevPostgres postgres = DevPostgres.start(DevPostgres.Options.temporary());
        try (Ending ending = Ending.of(postgres);
                Targets targets = new Targets()) {
            postgres.publish();
            Target target = targets.named(postgres.dev().service(Role.RUNBOOK));
            SampleCommand.make(target, migration, rows, seed);
            findings = Selftest.run(target, migration, Pulse.NONE);
        }
        return tell(
                spec.commandLine().getOut(), spec.commandLine().getErr(), new Answer(migration.name(), findings), json);
    }

    /** What was found, as JSON has it. */
    record Answer(String migration, List<Finding> findings) {

        List<Finding> bad() {
            return findings.stream().filter(finding -> !finding.fate().good()).toList();
        }

        boolean caughtAny() {
            return findings.stream().anyMatch(finding -> finding.fate() == Finding.Fate.CAUGHT);
        }
    }

    /** Prints it and gives the exit code. */
    static int tell(PrintWriter out, PrintWriter err, Answer answer, boolean json) {
        if (json) {
            out.println(Answers.json(answer));
        } else {
            print(out, answer);
        }
        out.flush();
        List<Finding> bad = answer.bad();
        if (bad.isEmpty() && answer.caughtAny()) {
            return 0;
        }
        err.println("runbook: " + answer.migration() + ": selftest: "
                + (bad.isEmpty() ? nothingCaught(answer) : notAsExpected(answer, bad)) + ", then: ./runbook selftest "
                + answer.migration());
        err.flush();
        return Main.REFUSED;
    }

    private static String notAsExpected(Answer answer, List<Finding> bad) {
        return bad.size() + " of " + answer.findings().size() + " not as expected: "
                + bad.stream()
                        .map(finding -> finding.corruption() + " in " + finding.where() + ": "
                                + finding.fate().words())
                        .collect(Collectors.joining("; "))
                + ". The server of the test is gone. Add what is missing to a comparison or a check of the migration";
    }

    private static String nothingCaught(Answer answer) {
        return "none of " + answer.findings().size() + " was caught, expected one at least: each was refused by the"
                + " database or did not apply, so nothing is known of the validation. The server of the test is gone."
                + " Let the sample fill the columns that the backfills write";
    }

    private static void print(PrintWriter out, Answer answer) {
        Map<String, Long> counts = new TreeMap<>(answer.findings().stream()
                .collect(Collectors.groupingBy(finding -> finding.fate().words(), Collectors.counting())));
        out.print(TextTable.of(new Section(
                "Selftest of " + answer.migration(),
                "",
                List.of("Corruption", "Where", "Fate", "By, or why not"),
                answer.findings().stream().map(SelftestCommand::row).toList(),
                "")));
        out.println();
        out.println(counts.entrySet().stream()
                .map(count -> String.format(Locale.ROOT, "%d %s", count.getValue(), count.getKey()))
                .collect(Collectors.joining(", ")));
    }

    private static List<Section.Cell> row(Finding finding) {
        return Stream.of(finding.corruption(), finding.where(), finding.fate().words(), finding.by())
                .map(text -> new Section.Cell(text, Section.Tone.PLAIN))
                .toList();
    }
}
