package runbook.cli;

import java.util.function.Consumer;
import picocli.CommandLine.Command;
import runbook.cli.bench.Arm;
import runbook.cli.bench.BackfillBench;
import runbook.cli.bench.BackfillBench.Settings;
import runbook.cli.bench.Figures;

/** The copy against other ways to the same rows. */
@Command(
        name = "backfill",
        header = "The copy, against other ways to the same rows.",
        description = {
            "Copies on an embedded PostgreSQL with fixed settings, each arm in a fresh database, all arms in turn;",
            "tells medians and spread. From a million rows on, exits 1 when a line is missed.",
            "Arms: one_shot, loop, update, row_map, pgroll, p99 (two more pairs of rounds), growth."
        },
        footer = {
            "%nExamples:",
            "  JAVA_OPTS=-Xmx256m ./runbook bench backfill",
            "  ./runbook bench backfill --rows 100000 --rounds 1 --arms one_shot,loop"
        })
final class BenchBackfill extends Bench {

    BenchBackfill() {
        super(Arm.OF_BACKFILL);
    }

    @Override
    Figures run(Settings settings, Consumer<String> say) throws Exception {
        return BackfillBench.run(settings, say);
    }
}
