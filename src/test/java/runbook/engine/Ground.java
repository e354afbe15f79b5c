package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.message.End;
import runbook.message.Outcome;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.RepairReport;
import runbook.message.RepairRequest;
import runbook.message.Run;
import runbook.message.Start;
import runbook.migrations.Bundled;
import runbook.sample.Samples;
import runbook.spi.Migration;
import runbook.spi.Stage;

/** A legacy database with an open run of {@code individual_process_status}, taken as far as a test wants. */
final class Ground extends EngineRig {

    final Migration migration = new Catalog(Bundled.migrations()).named("individual_process_status");
    final Start start;
    Run run;
    private int attempt = 1;

    Ground(TestPostgres postgres, long rows) throws SQLException {
        this(postgres, rows, Map.of());
    }

    /** @param input more fields of the input */
    Ground(TestPostgres postgres, long rows, Map<String, Object> input) throws SQLException {
        super(postgres);
        Scripts.createLegacy(target, migration.name());
        try (Connection owner = postgres.database().connect(Role.RUNBOOK)) {
            Samples.named(migration.name()).create(owner, rows, 7);
        }
        assertThat(Preflight.problems(target, migration)).isEmpty();
        start = start(migration.name(), input);
        run = owner("first");
    }

    /** Takes the run over under another workflow run. */
    Run owner(String workflowRun) {
        return own(start, migration, workflowRun);
    }

    /** The same, and goes on as the new owner. */
    Ground adopted(String workflowRun) {
        run = owner(workflowRun);
        return this;
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
        Copier copier =
                new Copier(target, at(Phase.BACKFILL), migration.backfills().get(0), Pulse.NONE);
        new Impact(target, at(Phase.BACKFILL), migration).beside(() -> copier.copy(0, "attempt 1"));
        passes(finished());
        return this;
    }

    PhaseReport finished() {
        return Backfills.finish(target, at(Phase.BACKFILL), migration, Pulse.NONE);
    }

    PhaseReport validated() {
        return Validation.validate(target, at(Phase.VALIDATION), migration, Pulse.NONE);
    }

    Stage firstStage() {
        return migration.cutover().get(0);
    }

    PhaseReport flipped(Stage stage) {
        return Stages.flip(target, at(Phase.CUTOVER), migration, stage, Pulse.NONE);
    }

    PhaseReport checked(Stage stage) {
        return Stages.check(target, at(Phase.CUTOVER), migration, stage, Pulse.NONE);
    }

    PhaseReport steppedBack(Stage stage) {
        return Stages.stepBack(target, at(Phase.CUTOVER), migration, stage, Pulse.NONE);
    }

    /** Proves, then switches every stage. */
    Ground cutOver() {
        validated();
        migration.cutover().forEach(stage -> passes(flipped(stage)));
        return this;
    }

    void stagesChecked() {
        migration.cutover().forEach(stage -> passes(checked(stage)));
    }

    PhaseReport retired() {
        return Retirements.retire(target, at(Phase.CLEANUP), migration, Pulse.NONE);
    }

    /** To the end: the old shape is dropped, the run closed. */
    void completed() {
        passes(retired());
        passes(Retirements.drop(target, at(Phase.CLEANUP), migration, Pulse.NONE));
        Runs.end(target, new End(run, Outcome.COMPLETED, "dana", "done"));
    }

    RepairReport repair(String check, String repair, boolean dryRun, String once) {
        return Repairs.repair(
                target,
                new RepairRequest(at(Phase.VALIDATION), check, repair, dryRun, "dana", once),
                migration,
                Pulse.NONE);
    }

    PhaseReport undone() {
        return WayBack.undo(target, at(Phase.ROLLBACK), migration, Pulse.NONE);
    }

    PhaseReport wentBack() {
        passes(Stages.flipBack(target, at(Phase.ROLLBACK), migration, Pulse.NONE));
        return undone();
    }

    /** Back to the old shape; then another run begins. */
    Ground begunAnew(String workflowRun) {
        passes(wentBack());
        Runs.end(target, new End(run, Outcome.ROLLED_BACK, "dana", "test"));
        run = owner(workflowRun);
        return this;
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
}
