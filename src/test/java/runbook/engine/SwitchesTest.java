package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.message.CheckVerdict;
import runbook.message.Phase;
import runbook.message.Verdict;
import runbook.spi.Stage;

/** Flags and views: as they were found, as the run left them, and as a stop leaves them. */
class SwitchesTest {

    private static final String LIST = "individual_process_status.individual_process_list";

    /** What the list is: its query, options, owner and rights. */
    private static final String SHAPE = "select pg_get_viewdef(oid) || coalesce(reloptions::text, '')"
            + " || pg_get_userbyid(relowner) || coalesce(relacl::text, '') from pg_class where oid = '" + LIST
            + "'::regclass";

    private static final String READS_HISTORY =
            "select pg_get_viewdef('" + LIST + "'::regclass) like '%individual_process_statuses%'";

    private static final String FLAG = "select per_mille from runbook.flag where name = 'new_status_system'";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void legacy() throws Exception {
        ground = new Ground(postgres, 300);
        // The list of this application hides a process and is a barrier; nothing in the description says so.
        ground.sql("create or replace view " + LIST + " with (security_barrier) as select id, client_id, title, status,"
                + " created_by, created_at, updated_by, updated_at from individual_process_status.individual_processes"
                + " where id <> 7");
    }

    @AfterEach
    void close() {
        ground.close();
    }

    /** As a run does it: each stage is looked at before the next one is switched. */
    private void cutOverStageByStage() {
        for (Stage stage : ground.migration.cutover()) {
            Ground.passes(ground.flipped(stage));
            Ground.passes(ground.checked(stage));
        }
    }

    @Test
    void a_view_comes_back_as_it_was_found_and_keeps_its_options_meanwhile() {
        String found = ground.text(SHAPE);
        ground.expanded().copied().cutOver();
        ground.cutOver();

        assertThat(ground.text(READS_HISTORY)).isEqualTo("true");
        assertThat(ground.text("select reloptions::text from pg_class where oid = '" + LIST + "'::regclass"))
                .isEqualTo("{security_barrier=true}");

        Ground.passes(ground.wentBack());
        assertThat(ground.text(SHAPE)).isEqualTo(found);
    }

    @Test
    void a_view_that_was_dropped_meanwhile_comes_back_with_its_rights() {
        String found = ground.text(SHAPE);
        ground.expanded().copied().cutOver();
        ground.sql("drop view " + LIST);

        Ground.passes(ground.wentBack());

        assertThat(ground.text(SHAPE)).isEqualTo(found);
    }

    @Test
    void a_view_that_the_run_never_switched_is_left_alone() {
        ground.expanded().copied();
        ground.sql("create or replace view " + LIST + " as select id, client_id, title, status, created_by, created_at,"
                + " updated_by, updated_at from individual_process_status.individual_processes where id > 100");
        String changed = ground.text(SHAPE);

        Ground.passes(ground.wentBack());

        assertThat(ground.text(SHAPE)).isEqualTo(changed);
    }

    @Test
    void a_stop_puts_flags_and_views_back_and_the_run_notices() {
        String found = ground.text(SHAPE);
        ground.expanded().copied().cutOver();
        Ground.passes(ground.validated());

        ground.sql("select runbook.stop('numbers look wrong')");

        assertThat(ground.text(SHAPE)).isEqualTo(found);
        assertThat(ground.text(FLAG)).isEqualTo("0");
        assertThat(ground.validated().problems()).anySatisfy(problem -> assertThat(problem)
                .contains("individual_process_list", "flag new_status_system")
                .contains("numbers look wrong. End that first: select runbook.lift_stop('why')")
                .contains("'retry', which proves anew and switches again, or 'rollback'"));
        assertThatThrownBy(() -> ground.cutOver())
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageContaining("not switched. Stopped in the database by runbook.stop: numbers look wrong.")
                .hasMessageContaining("select runbook.lift_stop('why')");
    }

    @Test
    void what_was_written_under_a_stop_is_copied_before_readers_are_switched() {
        ground.expanded().copied();
        Ground.passes(ground.validated());
        ground.sql("select runbook.stop('test')");
        ground.sql("update individual_process_status.individual_processes set status = 'meanwhile' where id = 5");
        assertThat(ground.flipped(ground.firstStage()).problems())
                .singleElement()
                .asString()
                .contains("1 writes wait to be copied again. Stopped in the database by runbook.stop: test. End that");

        ground.sql("select runbook.lift_stop('test')");
        ground.cutOver();

        assertThat(ground.text("select status from " + LIST + " where id = 5")).isEqualTo("meanwhile");
    }

    @Test
    void a_lifted_stop_switches_nothing_until_the_run_does() {
        ground.expanded().copied().cutOver();
        ground.sql("select runbook.stop('test')");
        ground.sql("update individual_process_status.individual_processes set status = 'approved' where id = 5");

        assertThat(ground.text("select runbook.lift_stop('looked at')")).contains("'retry'");

        assertThat(ground.text(FLAG)).isEqualTo("0");
        assertThat(ground.text(READS_HISTORY)).isEqualTo("false");
        assertThat(ground.validated().checks())
                .filteredOn(check ->
                        check.verdict() != Verdict.PASSED && check.severity().equals("blocking"))
                .extracting(CheckVerdict::name)
                .containsExactly(CheckVerdict.SWITCHES);
        assertThat(Decisions.gather(ground.target, ground.at(Phase.SOAK), ground.migration, "cleanup", "salt")
                        .blocking())
                .anySatisfy(blocks -> assertThat(blocks).contains("send 'retry' to prove anew and switch again"));
        cutOverStageByStage();
        Ground.passes(ground.validated());
        assertThat(ground.text(FLAG)).isEqualTo("1000");
        assertThat(ground.text("select runbook.lift_stop('again')")).isEqualTo("Nothing was stopped.");
    }

    @Test
    void a_view_in_use_does_not_hold_the_stop_up() throws Exception {
        ground.expanded().copied().cutOver();
        try (Connection reader = postgres.database().connect(Role.APP)) {
            reader.setAutoCommit(false);
            reader.createStatement().executeQuery("select count(*) from " + LIST);

            ground.sql("select runbook.stop('test')");
        }

        assertThat(ground.text(FLAG)).isEqualTo("0");
        assertThat(ground.text(READS_HISTORY)).isEqualTo("true");
        ground.sql("select runbook.stop('test')");
        assertThat(ground.text(READS_HISTORY)).isEqualTo("false");
    }
}
