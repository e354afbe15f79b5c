package runbook.cli;

import java.util.function.Consumer;
import picocli.CommandLine.Command;
import runbook.cli.bench.Arm;
import runbook.cli.bench.BackfillBench.Settings;
import runbook.cli.bench.Figures;
import runbook.cli.bench.ValidationBench;

/** The comparison of both shapes against other ways to the same answer. */
@Command(
        name = "validation",
        header = "The comparison of both shapes, against other ways to the same answer.",
        description = {
            "Compares two tables of six columns with three differences on an embedded PostgreSQL with fixed settings,",
            "all arms in turn; tells medians and spread. From a million rows on, exits 1 when a line is missed.",
            "Arms: scan, reladiff (left out where it is not on the PATH)."
        },
        footer = {"%nExample:", "  JAVA_OPTS=-Xmx256m ./runbook bench validation"})
final class BenchValidation extends Bench {

    BenchValidation() {
        super(Arm.OF_VALIDATION);
    }

    @Override
    Figures run(Settings settings, Consumer<String> say) throws Exception {
        return ValidationBench.run(settings, say);
    }
}
