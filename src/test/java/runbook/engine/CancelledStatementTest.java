package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.WorkerOptions;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.Eventually;
import runbook.TestPostgres;
import runbook.activity.PhaseActivitiesImpl;
import runbook.cli.dev.Role;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.workflow.Workflows;

/** A phase that is cancelled while one statement runs for long: the statement ends, not the patience of people. */
class CancelledStatementTest {

    private static final String BUILDS = "select count(*) from pg_stat_activity where state = 'active'"
            + " and pid <> pg_backend_pid() and datname = current_database() and query ilike '%create index concurrently%'";

    private static final String INVALID =
            "select count(*) from pg_index where not indisvalid and indrelid::regclass::text like '%statuses'";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private final TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance();
    private Ground ground;

    @BeforeEach
    void start() throws Exception {
        ground = new Ground(postgres, 300);
        var worker = temporal.newWorker(
                "runbook",
                WorkerOptions.newBuilder()
                        .setMaxHeartbeatThrottleInterval(Duration.ofMillis(200))
                        .build());
        worker.registerWorkflowImplementationTypes(Workflows.types());
        worker.registerActivitiesImplementations(
                new PhaseActivitiesImpl(new Catalog(List.of(ground.migration)), ground.targets));
        temporal.start();
    }

    @AfterEach
    void close() {
        temporal.close();
        ground.close();
    }

    @Test
    void an_index_build_that_waits_ends_at_once_and_is_built_again_later() throws Exception {
        ground.expanded();
        WorkflowStub backfill = temporal.getWorkflowClient()
                .newUntypedWorkflowStub(
                        "Backfill",
                        WorkflowOptions.newBuilder().setTaskQueue("runbook").build());

        try (Connection reader = postgres.database().connect(Role.APP)) {
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            reader.setAutoCommit(false);
            reader.createStatement().executeQuery("select count(*) from individual_process_status.users");
            backfill.start(ground.at(Phase.BACKFILL));
            Eventually.holds("the build waits for the reader", Duration.ofSeconds(20), () -> builds() == 1);
            backfill.cancel();

            Eventually.holds("nothing builds any more", Duration.ofSeconds(8), () -> builds() == 0);
            assertThatThrownBy(() -> backfill.getResult(PhaseReport.class))
                    .isInstanceOf(WorkflowFailedException.class)
                    .hasCauseInstanceOf(CanceledFailure.class);
        }

        assertThat(ground.text(INVALID)).isEqualTo("1");
        Ground.passes(ground.finished());
        assertThat(ground.text(INVALID)).isEqualTo("0");
    }

    private long builds() {
        return ground.number(BUILDS);
    }
}
