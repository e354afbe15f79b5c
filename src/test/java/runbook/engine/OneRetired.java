package runbook.engine;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.message.End;
import runbook.message.Outcome;

/** A legacy database whose old shape is retired, after two rows were written; each test gets its own. */
abstract class OneRetired {

    static final String SCHEMA = "individual_process_status.";
    static final String STATUSES = SCHEMA + "individual_process_statuses";
    static final String PROCESSES = SCHEMA + "individual_processes";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    Ground ground;

    @BeforeEach
    void retired() throws Exception {
        ground = new Ground(postgres, 200);
        ground.expanded().copied().cutOver();
        ground.sql("update " + PROCESSES + " set status = 'changed' where id <= 2");
        Ground.passes(ground.retired());
    }

    /** Leaves the old shape retired. */
    void ended() {
        Runs.end(ground.target, new End(ground.run, Outcome.COMPLETED, "dana", "rejected at the gate drop"));
    }

    @AfterEach
    void close() {
        ground.close();
    }
}
