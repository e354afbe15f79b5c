package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.message.Admit;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Start;
import runbook.message.StartInput;
import runbook.message.Verdict;
import runbook.migrations.Bundled;
import runbook.sample.Samples;
import runbook.spi.Migration;

/** A legacy database with an open run of {@code individual_process_status}, taken as far as a test wants. */
final class Ground implements AutoCloseable {

    final Migration migration = new Catalog(Bundled.migrations()).named("individual_process_status");
    final Target target;
    final Run run;
    private final Targets targets = new Targets();
    private final Start start;
    private int attempt = 1;

    Ground(TestPostgres postgres, long rows) throws SQLException {
        this(postgres, rows, Map.of());
    }

    /** @param input more fields of the input */
    Ground(TestPostgres postgres, long rows, Map<String, Object> input) throws SQLException {
        target = targets.named(postgres.target());
        Scripts.createLegacy(target, migration.name());
        try (Connection owner = postgres.database().connect(Role.RUNBOOK)) {
            Samples.named(migration.name()).create(owner, rows, 7);
        }
        Map<String, Object> fields = new HashMap<>(input);
        fields.put("migration", migration.name());
        fields.put("target", postgres.target());
        start = StartInput.of(fields).start();
        Scripts.install(target);
        run = owner("first");
    }

    /** Takes the run over under another workflow run. */
    Run owner(String workflowRun) {
        return Runs.own(
                        target,
                        new Admit(start, List.of(), migration.name(), workflowRun),
                        Plan.definition(migration),
                        Owners.nobody())
                .run();
    }

    PhaseRequest at(Phase phase) {
        return new PhaseRequest(run, start, phase, attempt);
    }

    /** What comes now is another attempt. */
    void again() {
        attempt++;
    }

    Ground expanded() {
        passes(Expansion.expand(target, at(Phase.SCHEMA), migration, Pulse.NONE));
        return this;
    }

    Ground copied() {
        Backfills.open(target, at(Phase.BACKFILL), migration);
        new Copier(target, at(Phase.BACKFILL), migration.backfills().get(0), Pulse.NONE).copy(0, "attempt 1");
        passes(Backfills.finish(target, at(Phase.BACKFILL), migration, Pulse.NONE));
        return this;
    }

    PhaseReport validated() {
        return Validation.validate(target, at(Phase.VALIDATION), migration, Pulse.NONE);
    }

    /** What no application can write: mirrors stand aside. */
    void behindTheMirrors(String... statements) {
        target.inTransaction(tx -> {
            tx.execute("set local runbook.mirror = 'on'");
            for (String statement : statements) {
                tx.execute(statement);
            }
            return tx;
        });
    }

    long number(String sql) {
        return target.dsl().fetchSingle(sql).get(0, Long.class);
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
