package runbook.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import runbook.engine.Catalog;
import runbook.spi.Migration;

/** Which migrations there are. */
@Command(
        name = "list",
        header = "Which migrations there are.",
        description = "Lists the migrations that this build can run, and those of plug-ins.",
        footer = {"%nExample:", "  ./runbook list"})
final class ListCommand implements Callable<Integer> {

    @Mixin
    private Plugins plugins = new Plugins();

    @Option(names = "--json", description = "prints JSON")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** One migration, as JSON has it. */
    record Entry(String name, String summary, int backfills, int checks, int stages) {
        static Entry of(Migration migration) {
            return new Entry(
                    migration.name(),
                    migration.summary(),
                    migration.backfills().size(),
                    migration.assessment().size()
                            + migration.validation().size()
                            + migration.comparisons().size(),
                    migration.cutover().size());
        }
    }

    @Override
    public Integer call() {
        Catalog catalog = plugins.catalog();
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(Answers.json(catalog.all().stream().map(Entry::of).toList()));
        } else {
            catalog.all().forEach(migration -> {
                out.println(migration.name());
                out.println("  " + migration.summary());
            });
        }
        out.flush();
        return 0;
    }
}
