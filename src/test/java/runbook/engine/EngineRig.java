package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Record;
import org.jooq.Result;
import runbook.TestPostgres;
import runbook.message.Admit;
import runbook.message.PhaseReport;
import runbook.message.Run;
import runbook.message.Start;
import runbook.message.StartInput;
import runbook.message.Verdict;
import runbook.spi.Migration;

/** The engine on the database of a test, without Temporal: {@link Ground} has a bundled migration, {@link CopyRig} any. */
abstract class EngineRig implements AutoCloseable {

    final Targets targets = new Targets();
    final Target target;
    private final TestPostgres postgres;

    EngineRig(TestPostgres postgres) {
        this.postgres = postgres;
        target = targets.named(postgres.target());
        Scripts.install(target);
    }

    /** @param input more fields of the input */
    Start start(String migration, Map<String, Object> input) {
        Map<String, Object> fields = new HashMap<>(input);
        fields.put("migration", migration);
        fields.put("target", postgres.target());
        return StartInput.of(fields).start();
    }

    /** Opens a run, or takes the open one over under another workflow run. */
    Run own(Start start, Migration migration, String workflowRun) {
        return own(target, start, migration, workflowRun);
    }

    /** The same in another database. */
    static Run own(Target target, Start start, Migration migration, String workflowRun) {
        return Runs.own(
                        target,
                        new Admit(start, List.of(), migration.name(), workflowRun),
                        Plan.definition(migration),
                        Owners.nobody())
                .run();
    }

    void sql(String statement) {
        target.dsl().execute(statement);
    }

    long number(String query) {
        return target.dsl().fetchSingle(query).get(0, Long.class);
    }

    String text(String query) {
        return String.valueOf(target.dsl().fetchSingle(query).get(0));
    }

    Result<Record> rows(String query) {
        return target.dsl().fetch(query);
    }

    static void passes(PhaseReport report) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
    }

    @Override
    public void close() {
        targets.close();
    }
}
