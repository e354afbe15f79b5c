package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.List;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.message.Admit;
import runbook.message.End;
import runbook.message.Outcome;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;
import runbook.message.Run;
import runbook.message.Start;
import runbook.message.StartInput;
import runbook.message.TrialRequest;
import runbook.message.Verdict;
import runbook.migrations.Bundled;
import runbook.sample.Samples;
import runbook.spi.Migration;

/** The engine alone, phase by phase, without Temporal and without writers: what each phase leaves behind. */
class EngineLifecycleTest {

    private static final long ROWS = 2_000;

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private final Catalog catalog = new Catalog(Bundled.migrations());
    private final Migration migration = catalog.named("individual_process_status");
    private final Targets targets = new Targets();
    private Target target;
    private Start start;

    @BeforeEach
    void legacy() throws Exception {
        target = targets.named(postgres.target());
        Scripts.createLegacy(target, migration.name());
        try (Connection owner = postgres.database().connect(Role.RUNBOOK)) {
            Samples.named(migration.name()).create(owner, ROWS, 7);
        }
        start = StartInput.of(java.util.Map.of("migration", migration.name(), "target", postgres.target()))
                .start();
    }

    @AfterEach
    void close() {
        targets.close();
    }

    @Test
    void runs_to_the_end_and_leaves_the_new_shape_alone() {
        Run run = begin("first");

        passes(Assessment.assess(target, at(run, Phase.ASSESSMENT), migration, Pulse.NONE));
        passes(Expansion.expand(target, at(run, Phase.SCHEMA), migration, Pulse.NONE));
        copy(run);
        passes(Validation.validate(target, at(run, Phase.VALIDATION), migration, Pulse.NONE));
        migration.cutover().forEach(stage -> {
            passes(Stages.flip(target, at(run, Phase.CUTOVER), stage, Pulse.NONE));
            passes(Stages.check(target, at(run, Phase.CUTOVER), migration, stage, Pulse.NONE));
        });
        passes(Retirements.retire(target, at(run, Phase.CLEANUP), migration, Pulse.NONE));
        passes(Retirements.drop(target, at(run, Phase.CLEANUP), migration, Pulse.NONE));
        Runs.end(target, new End(run, Outcome.COMPLETED, "dana", "done"));

        assertThat(target.dsl().fetchCount(DSL.table("individual_process_status.individual_process_statuses")))
                .isEqualTo((int) ROWS);
    }

    @Test
    void comes_back_from_the_cutover_and_runs_again() {
        Run run = begin("first");
        passes(Expansion.expand(target, at(run, Phase.SCHEMA), migration, Pulse.NONE));
        copy(run);
        migration.cutover().forEach(stage -> passes(Stages.flip(target, at(run, Phase.CUTOVER), stage, Pulse.NONE)));

        passes(Stages.flipBack(target, at(run, Phase.ROLLBACK), migration, Pulse.NONE));
        passes(WayBack.undo(target, at(run, Phase.ROLLBACK), migration, Pulse.NONE));
        Runs.end(target, new End(run, Outcome.ROLLED_BACK, "dana", "test"));

        Run again = begin("second");
        assertThat(again.id()).isNotEqualTo(run.id());
        passes(Expansion.expand(target, at(again, Phase.SCHEMA), migration, Pulse.NONE));
        copy(again);
        passes(Validation.validate(target, at(again, Phase.VALIDATION), migration, Pulse.NONE));
    }

    @Test
    void what_a_roll_back_kept_aside_can_be_dropped() {
        Run run = begin("first");
        passes(Expansion.expand(target, at(run, Phase.SCHEMA), migration, Pulse.NONE));
        copy(run);
        passes(Stages.flipBack(target, at(run, Phase.ROLLBACK), migration, Pulse.NONE));
        passes(WayBack.undo(target, at(run, Phase.ROLLBACK), migration, Pulse.NONE));

        String archived = "runbook_archive.individual_process_statuses_run" + run.id();
        assertThat(target.dsl().fetchCount(DSL.table(archived))).isEqualTo((int) ROWS);
        target.dsl()
                .execute(
                        "drop table " + archived + ", runbook_archive.individual_process_status_claims_run" + run.id());

        assertThat(target.dsl()
                        .fetchCount(
                                DSL.table("pg_catalog.pg_class"),
                                DSL.condition("relnamespace = 'runbook_archive'::regnamespace")))
                .isZero();
    }

    @Test
    void users_who_leave_fail_no_proof_and_are_nobody_in_the_end() {
        Run run = begin("first");
        passes(Expansion.expand(target, at(run, Phase.SCHEMA), migration, Pulse.NONE));
        copy(run);
        target.dsl()
                .execute("delete from individual_process_status.users where id in"
                        + " (select changed_by from individual_process_status.individual_process_statuses limit 1)");
        assertThat(dangling()).isPositive();
        passes(Validation.validate(target, at(run, Phase.VALIDATION), migration, Pulse.NONE));

        passes(Retirements.retire(target, at(run, Phase.CLEANUP), migration, Pulse.NONE));
        passes(Retirements.retire(target, at(run, Phase.CLEANUP), migration, Pulse.NONE));

        assertThat(dangling()).isZero();
        assertThat(target.dsl()
                        .fetchCount(
                                DSL.table("pg_catalog.pg_constraint"),
                                DSL.condition("conname = 'status_changed_by_user' and convalidated")))
                .isOne();
    }

    private int dangling() {
        return target.dsl()
                .fetchCount(
                        DSL.table("individual_process_status.individual_process_statuses s"),
                        DSL.condition("changed_by is not null and not exists"
                                + " (select from individual_process_status.users u where u.id = s.changed_by)"));
    }

    @Test
    void tries_one_process_alone() {
        Run run = begin("first");
        passes(Expansion.expand(target, at(run, Phase.SCHEMA), migration, Pulse.NONE));

        var report = Trials.bringOver(target, new TrialRequest(at(run, Phase.SCHEMA), "1", "dana", "once"), migration);

        assertThat(report.refused()).isEmpty();
        assertThat(report.record()).containsKeys("processId", "issues").containsEntry("singleActiveStatus", true);
        assertThat(report.record().get("issues")).isEqualTo(List.of());
    }

    @Test
    void copies_again_what_was_written_while_the_mirrors_were_stopped() {
        Run run = begin("first");
        passes(Expansion.expand(target, at(run, Phase.SCHEMA), migration, Pulse.NONE));
        copy(run);
        target.dsl().execute("select runbook.stop('test')");
        target.dsl()
                .execute("update individual_process_status.individual_processes set status = 'approved' where id = 5");
        assertThat(Validation.validate(target, at(run, Phase.VALIDATION), migration, Pulse.NONE)
                        .verdict())
                .isNotEqualTo(Verdict.PASSED);

        target.dsl().execute("delete from runbook.stop");

        passes(Validation.validate(target, at(run, Phase.VALIDATION), migration, Pulse.NONE));
    }

    @Test
    void prints_every_statement_without_a_database() {
        List<Plan.Statement> plan = Plan.of(migration);

        assertThat(plan)
                .anySatisfy(s -> assertThat(s.sql()).contains("for key share").contains(":after_id"));
        assertThat(plan).extracting(Plan.Statement::phase).contains(Phase.SCHEMA, Phase.CLEANUP, Phase.ROLLBACK);
    }

    private void copy(Run run) {
        PhaseRequest request = at(run, Phase.BACKFILL);
        Backfills.open(target, request, migration);
        new Copier(target, request, migration.backfills().get(0), Pulse.NONE).copy(0, "attempt 1");
        PhaseReport report = Backfills.finish(target, request, migration, Pulse.NONE);
        passes(report);
        assertThat(report.counts()).containsEntry("scanned", ROWS);
    }

    private Run begin(String workflowRun) {
        assertThat(Preflight.problems(target, migration)).isEmpty();
        Scripts.install(target);
        return Runs.own(
                        target,
                        new Admit(start, List.of(), migration.name(), workflowRun),
                        Plan.definition(migration),
                        Owners.nobody())
                .run();
    }

    private PhaseRequest at(Run run, Phase phase) {
        return new PhaseRequest(run, start, phase, 1);
    }

    private static void passes(PhaseReport report) {
        assertThat(report.problems()).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
    }
}
