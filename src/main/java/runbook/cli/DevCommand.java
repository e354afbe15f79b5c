package runbook.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import runbook.cli.dev.DevStack;
import runbook.cli.dev.DevTemporal;
import runbook.cli.dev.Role;
import runbook.engine.Catalog;
import runbook.engine.Target;
import runbook.engine.Targets;
import runbook.engine.Volumes;
import runbook.spi.Migration;
import runbook.worker.RunbookWorker;

/** A PostgreSQL, a Temporal, a worker, a legacy database and an application that writes to it, until Ctrl-C. */
@Command(
        name = "dev",
        header = "A whole stack to play with.",
        description = {
            "Starts a stack to play with: embedded PostgreSQL, a Temporal server (temporal server start-dev with its Web UI"
                    + " where the temporal command is installed), a worker, a sample database and its application.",
            "Prints the command that starts the migration. Ctrl-C or SIGTERM ends everything and leaves nothing behind."
        },
        footer = {"%nExample:", "  ./runbook dev --rows 20000"})
final class DevCommand implements Callable<Integer> {

    /** Where the temporal command and a browser look unless told otherwise. */
    private static final int TEMPORAL_PORT = 7233;

    private static final int UI_PORT = 8233;

    @Option(names = "--sample", paramLabel = "NAME", description = "the migration; ${DEFAULT-VALUE} unless given")
    private String sample = "individual_process_status";

    @Option(names = "--rows", paramLabel = "N", description = "rows of the sample; ${DEFAULT-VALUE} unless given")
    private long rows = 50_000;

    @Option(names = "--no-worker", description = "without a worker: start one with ./runbook worker")
    private boolean noWorker;

    @Option(names = "--no-writer", description = "without the application that writes")
    private boolean noWriter;

    @Option(names = "--port-pg", paramLabel = "N", description = "PostgreSQL's port; a free one unless given")
    private int portPg;

    @Option(
            names = "--port-temporal",
            paramLabel = "N",
            description = "Temporal's port; 7233 or a free one unless given")
    private @Nullable Integer portTemporal;

    @Option(names = "--port-ui", paramLabel = "N", description = "the Web UI's port; 8233 or a free one unless given")
    private @Nullable Integer portUi;

    @Option(names = "--dir", paramLabel = "D", description = "keeps both stores in D from start to start")
    private @Nullable Path dir;

    @Option(names = "--ready-file", paramLabel = "F", description = "is there while all is up; JSON")
    private @Nullable Path readyFile;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        new Bounds("dev")
                .rows(rows)
                .port("--port-pg", portPg)
                .port("--port-temporal", portTemporal)
                .port("--port-ui", portUi)
                .hold();
        Catalog catalog = new Plugins().catalog();
        Migration migration = catalog.named(sample);
        try (DevStack stack = DevStack.start(options(catalog, migration))) {
            PrintWriter out = spec.commandLine().getOut();
            new DevGuide(stack, migration).print(out);
            out.flush();
            stack.awaitEnd();
        }
        return 0;
    }

    private DevStack.Options options(Catalog catalog, Migration migration) {
        DevStack.Options options = DevStack.Options.temporary()
                .onPorts(portPg, usual(portTemporal, TEMPORAL_PORT), usual(portUi, UI_PORT));
        if (dir != null) {
            options = options.keptIn(dir.toAbsolutePath());
        }
        options = options.then("sample", stack -> fill(stack, migration));
        if (!noWorker) {
            options = options.then("worker", stack -> worker(stack, catalog));
        }
        if (!noWriter) {
            options = options.then("application", stack -> DevApplication.start(stack, migration));
        }
        return readyFile == null ? options : options.readyFile(readyFile);
    }

    /** Rows of an earlier start are kept: whoever keeps a folder wants to find in it what was there. */
    private AutoCloseable fill(DevStack stack, Migration migration) throws SQLException {
        try (Targets targets = new Targets()) {
            Target target = targets.named(stack.postgres().dev().service(Role.RUNBOOK));
            if (Volumes.filled(target, migration).isEmpty()) {
                SampleCommand.make(target, migration, rows, 1);
            }
        }
        // Before the ready file, which promises that everything is there.
        new DevGuide(stack, migration).writeInput();
        return () -> {};
    }

    private static AutoCloseable worker(DevStack stack, Catalog catalog) {
        Targets targets = new Targets();
        RunbookWorker worker = Workers.start(stack, catalog, targets);
        return () -> {
            worker.close();
            targets.close();
        };
    }

    /** The usual port where it is free; somebody else's server on it must not keep this one from starting. */
    private static int usual(@Nullable Integer given, int port) {
        if (given != null) {
            return given;
        }
        if (!DevTemporal.programFound()) {
            return 0;
        }
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException taken) {
            return 0;
        }
    }
}
