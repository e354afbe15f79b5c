package runbook.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import runbook.cli.dev.DevStack;
import runbook.cli.dev.Role;
import runbook.spi.Migration;
import runbook.worker.RunbookWorker;
import runbook.worker.WholeFile;

/** Tells a person who has just started a dev stack what to type, with everything filled in. */
final class DevGuide {

    private final DevStack stack;
    private final String migration;
    private final String target;
    private final Path input;

    DevGuide(DevStack stack, Migration migration) {
        this.stack = stack;
        this.migration = migration.name();
        this.target = stack.postgres().dev().service(Role.RUNBOOK);
        this.input = stack.postgres().serviceFile().resolveSibling(this.migration + ".json");
    }

    /** The command that starts the run. */
    String start() {
        return "temporal workflow start --type Migration -t " + RunbookWorker.TASK_QUEUE + " -w " + migration
                + " --input-file " + input + " --static-summary '" + migration + " on " + target + "' --fail-existing";
    }

    /** Writes the file that the start command names. */
    void writeInput() {
        WholeFile.write(input, Answers.json(fields()) + "\n");
    }

    void print(PrintWriter out) {
        out.println();
        out.println("PostgreSQL  " + stack.postgres().dev().jdbcUrl() + "  (roles runbook, app, approver)");
        out.println("Temporal    " + stack.temporal().address() + ", namespace "
                + stack.temporal().namespace() + ", task queue " + RunbookWorker.TASK_QUEUE);
        stack.temporal().uiAddress().ifPresent(ui -> out.println("Web UI      " + ui + workflows()));
        out.println();
        out.println("In another terminal:");
        out.println("  export TEMPORAL_ADDRESS=" + stack.temporal().address());
        out.println("  export PGSERVICEFILE=" + stack.postgres().serviceFile());
        out.println("  export PGPASSFILE=" + stack.postgres().passFile());
        out.println("  export PGSERVICE=" + target);
        out.println("Start the migration:");
        out.println("  " + start());
        out.println("Watch it, and learn what it waits for:");
        out.println("  temporal workflow metadata -w " + migration);
        stack.temporal()
                .uiAddress()
                .ifPresent(ui -> out.println("  (in the Web UI: the page that the worker names when the run begins)"));
        out.println("  ./runbook status --target " + target);
        if (!stack.temporal().realServer()) {
            out.println(
                    "There is no 'temporal' on the PATH, so this Temporal is the SDK's test server: it has no Web UI and");
            out.println("keeps nothing. Install the Temporal CLI to type the commands above.");
        }
        out.println();
        out.println("Ctrl-C ends everything.");
    }

    private String workflows() {
        return "/namespaces/" + stack.temporal().namespace() + "/workflows";
    }

    /** Short waits: nobody who plays wants to wait for two weeks. */
    private Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("migration", migration);
        fields.put("target", target);
        fields.put("requestedBy", "requester");
        fields.put("soak", "PT5M");
        fields.put("revalidate", "PT1M");
        fields.put("hold", "PT5M");
        fields.put("backups", input.resolveSibling("backups").toString());
        return fields;
    }
}
