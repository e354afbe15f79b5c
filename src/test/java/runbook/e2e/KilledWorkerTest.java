package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import runbook.RequiresTemporal;
import runbook.TestPostgres;
import runbook.cli.dev.DevTemporal;

/** Workers killed with SIGKILL, in the middle of their work and when it is done but nobody knows it yet. */
@RequiresTemporal
class KilledWorkerTest {

    /** Every phase, by the activities in which it can be cut short; the phase that has the activity is named first. */
    private static final List<String> UP_TO_THE_CUTOVER = List.of(
            "assessment: after Assess",
            "backup: during BackUp",
            "backup: after BackUp",
            "schema: after Expand",
            "backfill: during CopyRanges",
            "backfill: after FinishBackfill",
            "validation: during Validate",
            "cutover: after Flip");

    @RegisterExtension
    final TestPostgres postgres = RunFixture.legacy();

    @TempDir
    Path folder;

    private DevTemporal server;
    private RunFixture run;

    @BeforeEach
    void open(DevTemporal shared) {
        server = shared;
        run = new RunFixture(server, postgres.target(), folder);
    }

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    @Timeout(300)
    void a_run_whose_worker_is_killed_in_every_phase_goes_on_and_loses_nothing() throws Exception {
        run.started(run.input("soak", "PT4S", "drop", true));
        for (String point : UP_TO_THE_CUTOVER) {
            killedAt(point);
        }
        killedWhile("soak");
        killedAt("cleanup: after Retire");
        killedWhile("waiting: drop");
        try (OtherWorker worker = OtherWorker.stalling("after Drop", server, folder)) {
            run.approve("drop");
            worker.killWhereItStalls();
        }
        missed("drop");
        run.withWorker();
        run.view().await(run.workflow(), "completed");

        assertThat(NewShape.number(
                        postgres.database(),
                        "select count(*) from individual_process_status.individual_process_statuses where is_active"))
                .isEqualTo(300);
        everyActIsAuditedOnce("retire", "drop");
    }

    @Test
    @Timeout(300)
    void a_roll_back_whose_worker_is_killed_brings_the_old_shape_back() throws Exception {
        run.started(run.input("gates", List.of("cleanup", "drop")));
        try (OtherWorker worker = OtherWorker.stalling("after FlipBack", server, folder)) {
            run.view().await(run.workflow(), "waiting: cleanup");
            run.signal("rollback", Map.of("requestedBy", "alice"));
            worker.killWhereItStalls();
        }
        missed("rollback");
        killedAt("rollback: after Undo");
        run.withWorker();
        run.view().await(run.workflow(), "completed");

        assertThat(run.temporal().status(run.workflow()).path("state").asText()).isEqualTo("rolled_back");
        everyActIsAuditedOnce("undo", "rolled_back");
        run.completes(run.input());
        NewShape.holdsEveryStatusOf(postgres.database());
    }

    private void killedAt(String point) throws Exception {
        String[] childAndPoint = point.split(": ");
        try (OtherWorker worker = OtherWorker.stalling(childAndPoint[1], server, folder)) {
            worker.killWhereItStalls();
        }
        missed(childAndPoint[0]);
    }

    /** Nothing but the run itself is cut short: it waits for a time, or for people. */
    private void killedWhile(String state) throws Exception {
        try (OtherWorker worker = OtherWorker.stalling("never", server, folder)) {
            run.view().await(run.workflow(), state);
            worker.kill();
        }
        run.view().missTheWorkerSoon(run.workflow());
    }

    /** The cutover has no child: what its worker was doing is the run's own. */
    private void missed(String child) {
        run.view().missTheWorkerSoon(run.workflow());
        if (!child.equals("cutover")) {
            run.view().missTheWorkerSoon(run.workflow() + "/" + child);
        }
    }

    private void everyActIsAuditedOnce(String... acts) throws Exception {
        for (String act : acts) {
            assertThat(NewShape.number(
                            postgres.database(), "select count(*) from runbook.audit where act = '" + act + "'"))
                    .as(act)
                    .isEqualTo(1);
        }
    }
}
