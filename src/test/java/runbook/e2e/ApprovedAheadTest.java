package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static runbook.e2e.NewShape.execute;
import static runbook.e2e.NewShape.number;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import runbook.Eventually;
import runbook.cli.dev.Role;

/** A clean-up that was approved and still waits: what goes wrong meanwhile costs no write. */
@Timeout(180)
class ApprovedAheadTest extends OneRun {

    private static final String PROCESSES = "individual_process_status.individual_processes";
    private static final String WRITE = "update " + PROCESSES + " set status = 'written meanwhile' where id = 8";

    @Test
    void a_stop_while_the_clean_up_waits_is_heeded_and_made_good() throws Exception {
        cleanupWaits();
        as("select runbook.stop('numbers look wrong')", WRITE);

        run.signal("resume", Map.of("requestedBy", "alice"));
        run.view().reach(run.workflow(), "parked: cleanup");
        assertThat(problems()).contains("numbers look wrong. End that first: select runbook.lift_stop('why')");
        as("select runbook.lift_stop('looked at')");
        run.completesAfterRetry();

        holdsTheWrite();
        assertThat(number(postgres.database(), "select count(*) from runbook.audit where act = 'flip'"))
                .as("two stages, each switched anew after the stop")
                .isEqualTo(4);
    }

    @Test
    void a_mirror_that_is_disabled_while_the_clean_up_waits_is_missed_and_made_good() throws Exception {
        cleanupWaits();
        as("alter table " + PROCESSES + " disable trigger runbook_mirror_update", WRITE);

        run.signal("resume", Map.of("requestedBy", "alice"));
        run.view().reach(run.workflow(), "parked: cleanup");
        assertThat(problems()).contains("missing or disabled: runbook_mirror_update on " + PROCESSES);
        as("alter table " + PROCESSES + " enable trigger runbook_mirror_update");
        run.signal(
                "repair",
                Map.of(
                        "check", "the active status is the legacy status",
                        "repair", "legacy wins",
                        "dryRun", false,
                        "requestedBy", "alice"));
        run.completesAfterRetry();

        holdsTheWrite();
    }

    private void cleanupWaits() throws Exception {
        run.started(run.input("gates", List.of("cleanup", "drop")));
        run.view().await(run.workflow(), "waiting: cleanup");
        String evidence =
                run.view().status(run.workflow()).path("gate").path("evidence").asText();
        run.signal("pause", Map.of("requestedBy", "alice"));
        run.signal("approve", Map.of("gate", "cleanup", "evidence", evidence.substring(0, 8), "approver", "alice"));
        Eventually.holds(
                "the gate is passed",
                RunView.PATIENCE,
                () -> number(postgres.database(), "select count(*) from runbook.approval where gate = 'cleanup'") == 1);
    }

    private void holdsTheWrite() throws Exception {
        NewShape.holdsEveryStatusOf(postgres.database());
        assertThat(number(
                        postgres.database(),
                        "select count(*) from " + PROCESSES + " where id = 8 and retired_status = 'written meanwhile'"))
                .isEqualTo(1);
    }

    private String problems() {
        return run.view().status(run.workflow()).path("problems").toString();
    }

    private void as(String... statements) throws Exception {
        execute(postgres.database(), Role.RUNBOOK, statements);
    }
}
