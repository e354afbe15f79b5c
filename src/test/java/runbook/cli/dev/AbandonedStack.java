package runbook.cli.dev;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A program that starts both servers, says so, and waits to be killed. */
final class AbandonedStack {

    private AbandonedStack() {}

    /** Arguments: a folder for PostgreSQL to keep, or none. */
    public static void main(String[] arguments) throws InterruptedException {
        DevPostgres.Options options = DevPostgres.Options.temporary();
        DevPostgres postgres =
                DevPostgres.start(arguments.length == 0 ? options : options.keptIn(Path.of(arguments[0])));
        String servers = String.valueOf(postgres.pid());
        if (DevTemporal.programFound()) {
            servers += " "
                    + DevTemporal.start(DevTemporal.Options.temporary()).pid().orElseThrow();
        }
        System.out.println(postgres.serviceFile().getParent() + " " + servers);
        new CountDownLatch(1).await();
    }
}
