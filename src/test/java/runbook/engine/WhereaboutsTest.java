package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.Role;
import runbook.message.End;
import runbook.message.Outcome;
import runbook.message.Phase;
import runbook.message.PhaseRequest;
import runbook.message.Run;

/** A run whose target was exchanged under it writes nothing there, in whatever phase it is. */
class WhereaboutsTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private final Targets targets = new Targets();
    private Ground ground;

    @BeforeEach
    void begun() throws Exception {
        ground = new Ground(postgres, 100).expanded();
    }

    @AfterEach
    void close() {
        ground.close();
        targets.close();
    }

    private Target exchanged(DevDatabase database) {
        return targets.named(database.service(Role.RUNBOOK));
    }

    private void refusedInEveryPhase(Target other, String why) {
        for (Phase phase : Phase.values()) {
            assertThatThrownBy(() -> Phases.preflight(other, ground.at(phase), ground.migration))
                    .as(phase.word())
                    .isInstanceOf(RunbookException.Parked.class)
                    .hasMessageStartingWith("individual_process_status: target '" + postgres.target()
                            + "' is not the database in which run 1 was begun: ")
                    .hasMessageContaining(why)
                    .hasMessageContaining("Nothing was written. Point the service at that database, then send the"
                            + " signal 'retry'.");
        }
    }

    @Test
    void a_reset_of_the_workflow_changes_nothing_of_that() {
        Run run = ground.run;
        Run reset = new Run(run.migration(), run.target(), run.id(), run.epoch(), run.workflowId(), "after the reset");

        assertThatCode(() -> Phases.preflight(
                        ground.target, new PhaseRequest(reset, ground.start, Phase.BACKFILL, 1), ground.migration))
                .doesNotThrowAnyException();
    }

    @Test
    void a_copy_is_refused_until_a_person_says_that_the_run_lives_there() {
        ground.close();
        Target copy = exchanged(postgres.server().create(postgres.target() + "_copy", postgres.database()));

        refusedInEveryPhase(copy, "its row says system identifier ");
        assertThatThrownBy(() -> new Copier(
                                copy,
                                ground.at(Phase.BACKFILL),
                                ground.migration.backfills().get(0),
                                Pulse.NONE)
                        .copy(0, "attempt 1"))
                .isInstanceOf(RunbookException.Parked.class);

        copy.dsl().execute("select runbook.disown(1, 'moved here')");
        assertThatThrownBy(() -> Phases.preflight(copy, ground.at(Phase.BACKFILL), ground.migration))
                .isInstanceOf(RunbookException.Fenced.class);
        assertThatCode(() -> EngineRig.own(copy, ground.start, ground.migration, "second"))
                .doesNotThrowAnyException();
    }

    @Test
    void a_database_with_a_run_of_the_same_number_is_refused() {
        Target other = exchanged(postgres.another());
        Scripts.install(other);
        Run run = EngineRig.own(other, ground.start, ground.migration, "other workflow run");
        assertThat(run.id()).isEqualTo(ground.run.id());
        other.dsl().execute("update runbook.migration_run set target = 'staging'");

        refusedInEveryPhase(other, "run 1 here is of workflow individual_process_status on target 'staging'");
        assertThatThrownBy(() -> Runs.end(other, new End(ground.run, Outcome.ABORTED, "dana", "test")))
                .isInstanceOf(RunbookException.Parked.class);
    }

    @Test
    void a_database_without_any_run_is_refused() {
        refusedInEveryPhase(exchanged(postgres.another()), "there is no table runbook.migration_run");
    }
}
