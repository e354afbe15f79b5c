package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.message.CheckVerdict;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.PhaseRequest;

/** Days may go by between the approval of the clean-up and the clean-up: what was missed meanwhile is not lost. */
class RetirementsTest {

    private static final String PROCESSES = "individual_process_status.individual_processes";
    private static final String WRITE = "update " + PROCESSES + " set status = 'written meanwhile' where id = 5";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void cutOver() throws Exception {
        ground = new Ground(postgres, 300).expanded().copied().cutOver();
        Ground.passes(ground.validated());
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void a_stop_after_the_approval_keeps_the_old_shape_until_its_writes_are_copied() {
        ground.sql("select runbook.stop('numbers look wrong')");
        ground.sql(WRITE);

        assertThat(approved().problems()).anySatisfy(problem -> assertThat(problem)
                .contains("cleanup: \"no write waits in the journal\": not verified: 1 writes wait")
                .contains("numbers look wrong. End that first: select runbook.lift_stop('why')")
                .endsWith("Remove the cause, then send the signal 'retry'."));
        ground.sql("select runbook.lift_stop('looked at')");
        assertThat(approved().problems())
                .singleElement()
                .asString()
                .endsWith("Then send the signal 'retry', which proves anew and switches again.");
        ground.cutOver();

        PhaseReport retired = approved();
        Ground.passes(retired);
        assertThat(retired.checks()).extracting(CheckVerdict::name).contains(CheckVerdict.SWITCHES);
        assertThat(statusOf5()).isEqualTo("written meanwhile");
    }

    @Test
    void a_mirror_that_was_disabled_after_the_approval_keeps_the_old_shape_until_it_is_made_good() {
        ground.sql("alter table " + PROCESSES + " disable trigger runbook_mirror_update");
        ground.sql(WRITE);

        assertThat(approved().problems()).anySatisfy(problem -> assertThat(problem)
                .contains("missing or disabled: runbook_mirror_update on " + PROCESSES));
        ground.sql("alter table " + PROCESSES + " enable trigger runbook_mirror_update");
        assertThat(approved().problems()).anySatisfy(problem -> assertThat(problem)
                .contains("\"the active status is the legacy status\": 1 counter-example"));
        ground.repair("the active status is the legacy status", "legacy wins", false, "once");

        Ground.passes(approved());
        assertThat(statusOf5()).isEqualTo("written meanwhile");
    }

    @Test
    void a_write_under_a_stop_that_is_committed_after_the_proof_is_seen_under_the_locks() throws Exception {
        ground.sql("select runbook.stop('test')");
        try (Connection application = postgres.database().connect(Role.RUNBOOK)) {
            application.setAutoCommit(false);
            application.createStatement().execute(WRITE);
            ground.sql("select runbook.lift_stop('test')");
            ground.cutOver();

            assertThatThrownBy(() -> approved(application::commit))
                    .isInstanceOf(RunbookException.Parked.class)
                    .hasMessage("individual_process_status: clean-up: nothing was retired. 1 write was noted since the"
                            + " proof and not yet copied. Send the signal 'retry', which copies and proves first.");
        }

        Ground.passes(approved());
        assertThat(statusOf5()).isEqualTo("written meanwhile");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select runbook.stop('late') | Stopped in the database by runbook.stop: late. To go on: select"
                        + " runbook.lift_stop('why'); then send the signal 'retry'.",
                "alter table " + PROCESSES + " disable trigger runbook_mirror_update | Dropped or disabled since the"
                        + " proof: runbook_mirror_update on " + PROCESSES
                        + ". Send the signal 'retry', which proves anew and tells what cures it."
            })
    void what_happens_right_after_the_proof_is_seen_too(String statement, String told) {
        assertThatThrownBy(() -> approved(() -> ground.sql(statement)))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessage("individual_process_status: clean-up: nothing was retired. " + told);

        assertThat(ground.number("select count(*) from " + PROCESSES + " where status is not null"))
                .isPositive();
    }

    /** Another attempt of the clean-up, as the run asks for it: nobody goes back any more. */
    private PhaseReport approved() {
        return retired(Pulse.NONE);
    }

    /** The same, with something that happens between the proof and the transaction. */
    private PhaseReport approved(Happening between) {
        return retired(detail -> {
            if (detail instanceof Map<?, ?> told && "clean-up".equals(told.get("runs"))) {
                try {
                    between.happens();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
    }

    @FunctionalInterface
    private interface Happening {
        void happens() throws SQLException;
    }

    private PhaseReport retired(Pulse pulse) {
        ground.again();
        PhaseRequest now = ground.at(Phase.CLEANUP);
        PhaseRequest request = new PhaseRequest(now.run(), now.start(), now.phase(), now.attempt(), false, false);
        return Retirements.retire(ground.target, request, ground.migration, pulse);
    }

    private String statusOf5() {
        return ground.text("select status_name from individual_process_status.individual_process_statuses"
                + " where individual_process_id = 5 and is_active");
    }
}
