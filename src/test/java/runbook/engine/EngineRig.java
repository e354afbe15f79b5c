package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
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

/** A small legacy database and the phases on it, without Temporal. */
final class EngineRig implements AutoCloseable {

    private static final long ROWS = 300;

    final Migration migration = new Catalog(Bundled.migrations()).named("individual_process_status");
    final Targets targets = new Targets();
    final Target target;
    final Start start;

    EngineRig(TestPostgres postgres) throws SQLException {
        target = targets.named(postgres.target());
        Scripts.createLegacy(target, migration.name());
        try (Connection owner = postgres.database().connect(Role.RUNBOOK)) {
            Samples.named(migration.name()).create(owner, ROWS, 7);
        }
        start = StartInput.of(Map.of("migration", migration.name(), "target", postgres.target()))
                .start();
    }

    Run begin(String workflowRun) {
        Scripts.install(target);
        return Runs.own(
                        target,
                        new Admit(start, List.of(), migration.name(), workflowRun),
                        Plan.definition(migration),
                        Owners.nobody())
                .run();
    }

    PhaseRequest at(Run run, Phase phase) {
        return new PhaseRequest(run, start, phase, 1);
    }

    void expandAndCopy(Run run) {
        passes(Expansion.expand(target, at(run, Phase.SCHEMA), migration, Pulse.NONE));
        copy(run);
        passes(Backfills.finish(target, at(run, Phase.BACKFILL), migration, Pulse.NONE));
    }

    void copy(Run run) {
        Backfills.open(target, at(run, Phase.BACKFILL), migration);
        new Copier(target, at(run, Phase.BACKFILL), migration.backfills().get(0), Pulse.NONE).copy(0, "attempt 1");
    }

    void cutOver(Run run) {
        migration.cutover().forEach(stage -> passes(Stages.flip(target, at(run, Phase.CUTOVER), stage, Pulse.NONE)));
    }

    PhaseReport validate(Run run) {
        return Validation.validate(target, at(run, Phase.VALIDATION), migration, Pulse.NONE);
    }

    PhaseReport goBack(Run run) {
        passes(Stages.flipBack(target, at(run, Phase.ROLLBACK), migration, Pulse.NONE));
        return WayBack.undo(target, at(run, Phase.ROLLBACK), migration, Pulse.NONE);
    }

    void execute(String sql) {
        target.dsl().execute(sql);
    }

    String text(String query) {
        return String.valueOf(target.dsl().fetchSingle(query).get(0));
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
