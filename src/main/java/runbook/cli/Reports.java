package runbook.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import runbook.engine.Catalog;
import runbook.engine.Target;
import runbook.engine.account.Account;
import runbook.engine.account.Accounts;
import runbook.report.Report;
import runbook.worker.WholeFile;

/** Reports as files. */
final class Reports {

    private Reports() {}

    /**
     * Writes the page of a run, without keys and values.
     *
     * @param run its number, or a migration's name for the newest one
     * @param file where to; null for a file in the folder for temporary ones
     * @return where it is
     */
    static Path html(Target target, Catalog catalog, String run, @Nullable Path file) {
        return write(Accounts.of(target, run, catalog, false), file);
    }

    static Path write(Account account, @Nullable Path file) {
        try {
            Path place = file != null
                    ? file.toAbsolutePath().normalize()
                    : Files.createTempFile("runbook-" + account.run().migration() + "-", ".html");
            Path folder = place.getParent();
            if (folder == null || !Files.isDirectory(folder)) {
                throw new IllegalArgumentException("report: the folder of " + place
                        + " is not there. Nothing was written. Make it, or name another file with --html.");
            }
            WholeFile.write(place, Report.html(account));
            return place;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
