package runbook.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import runbook.spi.Migration;

/** Which rights a migration needs, no more. */
@Command(
        name = "grants",
        header = "Which rights a migration needs, as a script.",
        description = {
            "Prints the least privileges that a migration needs, role by role, as a script for psql. It can be run again"
                    + " without harm. After it, the run's own preflight finds nothing missing."
        },
        footer = {"%nExample:", "  ./runbook grants individual_process_status | psql service=dev-superuser"})
final class GrantsCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "the migration; ./runbook list shows them")
    private String name = "";

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "the role that runs the migration; ${DEFAULT-VALUE} unless given")
    private String role = "runbook";

    @Mixin
    private Plugins plugins = new Plugins();

    @Option(names = "--json", description = "prints JSON")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (role.isBlank() || role.contains("$grants$")) {
            throw new ParameterException(
                    spec.commandLine(), "--role: expected the name of a role, found '" + role + "'");
        }
        Migration migration = plugins.catalog().named(name);
        String script = GrantsScript.of(migration, role);
        var out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("migration", migration.name());
            facts.put("role", role);
            facts.put("script", script);
            out.println(Answers.json(facts));
        } else {
            out.print(script);
        }
        out.flush();
        return 0;
    }
}
