package runbook.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import runbook.engine.RunbookException;
import runbook.engine.Scripts;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.engine.Volumes;
import runbook.sample.Samples;
import runbook.spi.Migration;

/** A legacy database to try a migration on. */
@Command(
        name = "sample",
        header = "Fills a database with the old shape.",
        description = {
            "Fills a target with the old shape of a migration, as years of use leave it: the same for the same seed.",
            "Creates the tables where they are absent, and refuses where one of them holds a row."
        },
        footer = {"%nExample:", "  ./runbook sample individual_process_status --rows 50000 --seed 1 --target dev"})
final class SampleCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "the migration; ./runbook list shows them")
    private String name = "";

    @Option(names = "--rows", paramLabel = "N", description = "rows of the main table; ${DEFAULT-VALUE} unless given")
    private long rows = 50_000;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "another number, other rows; ${DEFAULT-VALUE} unless given")
    private long seed = 1;

    @Option(names = "--target", paramLabel = "T", required = true, description = "a service in pg_service.conf")
    private String target = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws SQLException {
        new Bounds("sample").rows(rows).hold();
        Migration migration = new Plugins().catalog().named(name);
        try (Targets targets = new Targets()) {
            make(targets.named(target), migration, rows, seed);
        }
        spec.commandLine().getOut().println(migration.name() + ": sample of " + rows + " rows made on " + target + ".");
        spec.commandLine().getOut().flush();
        return 0;
    }

    /** Makes the old shape and its rows. */
    static void make(Target target, Migration migration, long rows, long seed) throws SQLException {
        refuseWhereRowsAre(target, migration);
        Scripts.createLegacy(target, migration.name());
        try (Connection owner = target.session()) {
            Samples.named(migration.name()).create(owner, rows, seed);
        }
    }

    private static void refuseWhereRowsAre(Target target, Migration migration) {
        List<String> filled = Volumes.filled(target, migration);
        if (!filled.isEmpty()) {
            throw new RunbookException("sample: target '" + target.name() + "' holds rows in "
                    + String.join(", ", filled) + ", expected empty tables or none. Nothing was changed."
                    + " Name another database, or empty these tables yourself.");
        }
    }
}
