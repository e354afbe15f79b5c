package runbook.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
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
import runbook.engine.Dependents;
import runbook.engine.LockPlan;
import runbook.engine.Plan;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.engine.Volumes;
import runbook.message.Phase;
import runbook.spi.Migration;

/** What a run would do, before there is one. */
@Command(
        name = "plan",
        header = "What a run would do, statement by statement.",
        description = {
            "Prints every statement that each phase of a migration would run, in order. It needs no database.",
            "With --target it also tells how much there is to move, what hangs on what will be retired, which lock"
                    + " each script takes on which object, and who holds locks there now. The locks are found by running the scripts in a scratch database on"
                    + " the target's server, which is dropped again; the target itself is only read."
        },
        footer = {"%nExample:", "  ./runbook plan individual_process_status --target dev"})
final class PlanCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "the migration; ./runbook list shows them")
    private String name = "";

    @Option(names = "--target", paramLabel = "T", description = "a service in pg_service.conf")
    private @Nullable String target;

    @Option(names = "--exact", description = "counts the rows instead of estimating them; reads the tables whole")
    private boolean exact;

    @Mixin
    private Plugins plugins = new Plugins();

    @Option(names = "--json", description = "prints JSON")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Migration migration = plugins.catalog().named(name);
        Plan.refuse(migration);
        List<Plan.Statement> statements = Plan.of(migration);
        PrintWriter out = spec.commandLine().getOut();
        List<Volumes.Volume> volumes = new ArrayList<>();
        List<LockForecast> locks = new ArrayList<>();
        Map<String, List<String>> dependents = new LinkedHashMap<>();
        if (target != null) {
            try (Targets targets = new Targets()) {
                look(targets.named(target), migration, volumes, locks);
                dependents.putAll(Dependents.now(targets.named(target), migration));
            }
        }
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("migration", migration.name());
            facts.put("summary", migration.summary());
            facts.put("definition", Plan.definition(migration));
            facts.put("statements", statements);
            if (target != null) {
                facts.put("target", target);
                facts.put("tables", volumes);
                facts.put("dependents", dependents);
                facts.put("locks", locks);
            }
            out.println(Answers.json(facts));
        } else {
            print(out, migration, statements);
            if (target != null) {
                new PlanOfTarget(out, target).print(volumes, dependents, locks);
            }
        }
        out.flush();
        return 0;
    }

    private void look(Target looked, Migration migration, List<Volumes.Volume> volumes, List<LockForecast> locks) {
        volumes.addAll(Volumes.of(looked, migration, exact));
        LockPlan plan = LockPlan.open(looked, migration);
        try (Ending ending = Ending.of(plan)) {
            plan.scripts().forEach(script -> locks.add(LockForecast.of(looked, script)));
        }
    }

    private static void print(PrintWriter out, Migration migration, List<Plan.Statement> statements) {
        out.println("-- " + migration.name() + ": " + migration.summary());
        out.println("-- A name with a colon stands for a value that is known later.");
        for (Phase phase : Phase.values()) {
            List<Plan.Statement> ofPhase =
                    statements.stream().filter(s -> s.phase() == phase).toList();
            if (!ofPhase.isEmpty()) {
                out.println();
                out.println("-- ==== " + phase.word() + " ====");
                ofPhase.forEach(statement -> print(out, statement));
            }
        }
    }

    private static void print(PrintWriter out, Plan.Statement statement) {
        String sql = SqlLines.broken(statement.sql());
        out.println();
        out.println("-- " + statement.title());
        out.println(sql.endsWith(";") ? sql : sql + ";");
    }
}
