package runbook.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import runbook.engine.Catalog;
import runbook.engine.Target;
import runbook.engine.Targets;

/** What all commands take that tell of one run, from the database alone. */
abstract class RunCommand implements Callable<Integer> {

    @Parameters(paramLabel = "RUN", description = "the number of a run, or a migration's name for its newest run")
    private String run = "";

    @Mixin
    private TargetOption target = new TargetOption();

    @Option(names = "--json", description = "prints JSON")
    private boolean json;

    @Mixin
    private Plugins plugins = new Plugins();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Which run is told of. */
    record Asked(Target target, String run, Catalog catalog, boolean json) {}

    abstract void answer(Asked asked, PrintWriter out);

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Catalog catalog = plugins.catalog();
        try (Targets targets = new Targets()) {
            answer(new Asked(targets.named(target.name()), run, catalog, json), out);
        }
        out.flush();
        return 0;
    }
}
