package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.message.End;
import runbook.message.Outcome;
import runbook.message.Phase;
import runbook.message.TrialRequest;
import runbook.message.Verdict;

/** The engine alone, phase by phase, without Temporal and without writers: what each phase leaves behind. */
class EngineLifecycleTest {

    private static final long ROWS = 2_000;
    private static final String SCHEMA = "individual_process_status.";
    private static final String STATUSES = SCHEMA + "individual_process_statuses";

    private static final String BY_STRANGERS = "select count(*) from " + STATUSES + " s where changed_by is not null"
            + " and not exists (select from " + SCHEMA + "users u where u.id = s.changed_by)";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void legacy() throws Exception {
        ground = new Ground(postgres, ROWS);
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void runs_to_the_end_and_leaves_the_new_shape_alone() {
        Ground.passes(Assessment.assess(ground.target, ground.at(Phase.ASSESSMENT), ground.migration, Pulse.NONE));
        ground.expanded().copied();
        assertThat(ground.number("select sum(scanned) from runbook.range")).isEqualTo(ROWS);
        Ground.passes(ground.validated());
        ground.cutOver();
        ground.stagesChecked();
        ground.completed();

        assertThat(ground.number("select count(*) from " + STATUSES)).isEqualTo(ROWS);
    }

    @Test
    void what_is_retired_and_not_dropped_is_told_with_what_drops_it() {
        ground.expanded().copied().cutOver();
        Ground.passes(ground.retired());
        Runs.end(ground.target, new End(ground.run, Outcome.COMPLETED, "dana", "rejected at the gate drop"));

        String told = String.join(" ", Preflight.problems(ground.target, ground.migration));
        assertThat(told)
                .contains("Nothing is left to migrate. What was retired is still there, to drop it: alter table");
        ground.sql(told.substring(told.indexOf("alter table")));

        assertThat(Preflight.problems(ground.target, ground.migration))
                .singleElement()
                .asString()
                .endsWith("Nothing is left to migrate.");
    }

    @Test
    void comes_back_from_the_cutover_and_runs_again() {
        long first = ground.run.id();
        ground.expanded().copied().cutOver().begunAnew("second");
        assertThat(ground.run.id()).isNotEqualTo(first);

        ground.expanded().copied();

        Ground.passes(ground.validated());
    }

    @Test
    void what_a_roll_back_kept_aside_can_be_dropped() {
        ground.expanded().copied();
        Ground.passes(ground.wentBack());
        String aside = "_run" + ground.run.id();
        String archived = "runbook_archive.individual_process_statuses" + aside;
        assertThat(ground.number("select count(*) from " + archived)).isEqualTo(ROWS);

        ground.sql("drop table " + archived + ", runbook_archive.individual_process_status_claims" + aside);

        assertThat(ground.number("select count(*) from pg_class where relnamespace = 'runbook_archive'::regnamespace"))
                .isZero();
    }

    @Test
    void a_process_that_was_cleared_is_missed_copied_anew_and_goes_along_to_the_end() {
        ground.expanded().copied();
        ground.sql("update " + SCHEMA + "individual_processes set status = 'approved' where id = 17");
        ground.cutOver();
        assertThat(ground.number("select " + SCHEMA + "cleanup_status_records(17)"))
                .isEqualTo(2);

        assertThat(ground.validated().problems()).anySatisfy(problem -> assertThat(problem)
                .contains("\"every process has at least one status\": 1 counter-example."));
        assertThat(ground.repair("every process has at least one status", "run again", false, "once")
                        .refused())
                .isEmpty();
        ground.again();
        Ground.passes(ground.validated());
        ground.completed();

        assertThat(statusesOf17()).isEqualTo("Migrated from legacy status field: approved");
    }

    @Test
    void a_process_that_was_cleared_before_the_way_back_is_copied_by_the_next_run() {
        ground.expanded().copied().cutOver();
        ground.sql("update " + SCHEMA + "individual_processes set status = 'approved' where id = 17");
        ground.sql("select " + SCHEMA + "cleanup_status_records(17)");

        ground.begunAnew("second").expanded().copied();
        Ground.passes(ground.validated());
        ground.cutOver().completed();

        assertThat(statusesOf17()).isEqualTo("Migrated from legacy status field: approved");
        assertThat(ground.number("select count(*) from " + STATUSES)).isEqualTo(ROWS);
    }

    private String statusesOf17() {
        return ground.text("select string_agg(notes || ': ' || status_name, ', ' order by position) from " + STATUSES
                + " where individual_process_id = 17");
    }

    @Test
    void users_who_leave_fail_no_proof_and_are_nobody_in_the_end() {
        ground.expanded().copied();
        ground.sql("delete from " + SCHEMA + "users where id in (select changed_by from " + STATUSES + " limit 1)");
        assertThat(ground.number(BY_STRANGERS)).isPositive();
        Ground.passes(ground.validated());
        ground.cutOver();

        Ground.passes(ground.retired());
        Ground.passes(ground.retired());

        assertThat(ground.number(BY_STRANGERS)).isZero();
        assertThat(ground.number("select count(*) from pg_constraint where conname = 'status_changed_by_user'"
                        + " and convalidated"))
                .isOne();
    }

    @Test
    void tries_one_process_alone() {
        ground.expanded();

        var report = Trials.bringOver(
                ground.target, new TrialRequest(ground.at(Phase.SCHEMA), "1", "dana", "once"), ground.migration);

        assertThat(report.refused()).isEmpty();
        assertThat(report.record()).containsKeys("processId", "issues").containsEntry("singleActiveStatus", true);
        assertThat(report.record().get("issues")).isEqualTo(List.of());
    }

    @Test
    void copies_again_what_was_written_while_the_mirrors_were_stopped() {
        ground.expanded().copied();
        ground.sql("select runbook.stop('test')");
        ground.sql("update " + SCHEMA + "individual_processes set status = 'approved' where id = 5");
        assertThat(ground.validated().verdict()).isNotEqualTo(Verdict.PASSED);

        ground.sql("delete from runbook.stop");

        Ground.passes(ground.validated());
    }

    @Test
    void prints_every_statement_without_a_database() {
        List<Plan.Statement> plan = Plan.of(ground.migration);

        assertThat(plan)
                .anySatisfy(s -> assertThat(s.sql()).contains("for key share").contains(":after_id"));
        assertThat(plan).extracting(Plan.Statement::phase).contains(Phase.SCHEMA, Phase.CLEANUP, Phase.ROLLBACK);
    }
}
