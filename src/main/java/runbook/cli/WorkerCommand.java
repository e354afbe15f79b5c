package runbook.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import runbook.engine.Catalog;
import runbook.engine.Targets;
import runbook.hook.WorkerHooks;
import runbook.spi.Migration;
import runbook.worker.RunbookWorker;
import runbook.worker.TemporalAddress;

/** A worker until it is told to stop. */
@Command(
        name = "worker",
        header = "Works for runs, against any Temporal.",
        description = {
            "Works for runs on any Temporal. Where Temporal is, is said as to the temporal command: its configuration file,"
                    + " TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_*.",
            "Targets are services in pg_service.conf (PGSERVICEFILE), passwords come from .pgpass (PGPASSFILE).",
            "Ctrl-C or SIGTERM lets batches in progress commit, then stops. Several workers share the work."
        },
        footer = {"%nExample:", "  PGSERVICEFILE=pg_service.conf TEMPORAL_ADDRESS=127.0.0.1:7233 ./runbook worker"})
final class WorkerCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerCommand.class);

    @Option(names = "--ready-file", paramLabel = "F", description = "is there while the worker polls; JSON")
    private @Nullable Path readyFile;

    @Mixin
    private Plugins plugins = new Plugins();

    @Mixin
    private HooksOption hooks = new HooksOption();

    @Override
    public Integer call() throws InterruptedException {
        WorkerHooks given = hooks.read();
        Catalog catalog = plugins.catalog();
        TemporalAddress address = TemporalAddress.fromEnvironment();
        Targets targets = new Targets();
        RunbookWorker.Options options = Workers.options(address, "", catalog, targets, given);
        RunbookWorker worker = RunbookWorker.start(readyFile == null ? options : options.readyFile(readyFile));
        try (Ending ending = Ending.of(worker, targets)) {
            catalog.all().forEach(migration -> tell(migration, address));
            ending.await();
        }
        return 0;
    }

    private static void tell(Migration migration, TemporalAddress address) {
        String place = address.namespace().equals("default") ? "" : " -n " + address.namespace();
        LOG.info("Runs {}. Watch it: temporal workflow metadata{} -w {}", migration.name(), place, migration.name());
    }
}
