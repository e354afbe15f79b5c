package runbook.e2e;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.RequiresTemporal;
import runbook.TestPostgres;
import runbook.cli.dev.DevTemporal;

/** A database with the old shape, and a worker that waits for runs on it; each test gets its own of both. */
@RequiresTemporal
abstract class OneRun {

    @RegisterExtension
    final TestPostgres postgres;

    @TempDir
    Path folder;

    RunFixture run;

    OneRun() {
        this(RunFixture.legacy());
    }

    OneRun(TestPostgres postgres) {
        this.postgres = postgres;
    }

    @BeforeEach
    void startWorker(DevTemporal server) {
        run = new RunFixture(server, postgres.target(), folder).withWorker();
    }

    @AfterEach
    void endRun() {
        run.close();
    }
}
