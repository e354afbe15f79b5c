package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import runbook.Eventually;
import runbook.cli.dev.DevTemporal;
import runbook.worker.TemporalAddress;

/** One run at a time in a database, and one after the other only where that means something. */
class SecondStartTest extends OneRun {

    private Services services;

    @BeforeEach
    void open() {
        services = new Services(postgres, folder);
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void a_second_start_while_one_runs_is_refused_under_the_same_id_another_id_and_another_name() throws Exception {
        run.started(run.input("gates", List.of("backup", "drop")));
        run.view().await(run.workflow(), "waiting: backup");

        TemporalCli.Printed same = run.start(run.workflow(), run.input());
        assertThat(same.code()).isEqualTo(1);
        assertThat(same.err()).contains("Workflow execution is already running");

        String owned = "this database already runs individual_process_status (run 1, workflow " + run.workflow()
                + ", target '" + postgres.target() + "'). Watch it: temporal workflow metadata -w " + run.workflow();
        services.with("alias");
        run.refusesAs("another_id", run.input(), owned);
        run.refusesAs("another_name", run.input("target", "alias"), owned);

        JsonNode status = run.temporal().status(run.workflow());
        assertThat(status.path("state").asText()).isEqualTo("waiting");
        run.approve("backup");
        run.view().await(run.workflow(), "completed");
    }

    @Test
    @Timeout(120)
    void the_same_id_in_another_namespace_is_another_owner(DevTemporal server) throws Exception {
        run.started(run.input("gates", List.of("backup", "drop")));
        run.view().await(run.workflow(), "waiting: backup");
        String elsewhere = "other-" + postgres.target();
        assertThat(run.temporal()
                        .run("operator", "namespace", "create", "--namespace", elsewhere)
                        .code())
                .isZero();

        try (RunFixture other = new RunFixture(server, postgres.target(), folder)
                .withWorker(TemporalAddress.of(server.address(), elsewhere))) {
            assertThat(begin(elsewhere).err())
                    .contains("this database already runs individual_process_status (run 1, workflow " + run.workflow()
                            + ", target '" + postgres.target()
                            + "'). Watch it: temporal workflow metadata -n default -w "
                            + run.workflow());

            run.view().terminate(run.workflow());
            TemporalCli.Printed begun = begin(elsewhere);
            assertThat(begun.out()).as(begun.all()).contains("has begun, epoch 2");
        }
    }

    private TemporalCli.Printed begin(String namespace) {
        List<String> line =
                new ArrayList<>(run.starts().beginning(run.workflow(), run.input("gates", List.of("backup", "drop"))));
        line.addAll(List.of("-n", namespace));
        return run.temporal().run(line);
    }

    @Test
    void of_two_starts_at_the_same_moment_one_runs_and_one_is_refused(DevTemporal server) throws Exception {
        List<String> ids = List.of("one_of_two", "other_of_two");
        run.close();
        run = new RunFixture(server, postgres.target(), folder);
        ids.forEach(id -> run.start(id, run.input("gates", List.of("backup", "drop"))));

        run.withWorker();

        Eventually.holds("one waits, one has failed", RunView.PATIENCE, () -> ids.stream()
                .map(run.view()::state)
                .sorted()
                .toList()
                .equals(List.of("failed", "waiting: backup")));
        String winner = ids.get(run.view().state(ids.get(0)).equals("failed") ? 1 : 0);
        String loser = ids.get(run.view().state(ids.get(0)).equals("failed") ? 0 : 1);
        assertThat(run.temporal().status(loser).path("problems"))
                .extracting(JsonNode::asText)
                .containsExactly("this database already runs individual_process_status (run 1, workflow " + winner
                        + ", target '" + postgres.target() + "'). Watch it: temporal workflow metadata -w " + winner);
    }

    @Test
    void a_run_after_a_completed_one_is_told_that_nothing_is_left() throws Exception {
        run.completes(run.input());

        run.refuses(
                run.input(),
                "target '" + postgres.target()
                        + "': column individual_process_status.individual_processes.status is not"
                        + " there: run 1 of individual_process_status has completed here, the old shape is retired."
                        + " Nothing is left to migrate. What was retired is still there, to drop it: alter table"
                        + " \"individual_process_status\".\"individual_processes\" drop if exists \"retired_status\";"
                        + " drop table if exists"
                        + " \"individual_process_status\".\"individual_process_status_claims\"");
    }

    @Test
    void a_run_after_one_that_was_rolled_back_completes() throws Exception {
        run.started(run.input("gates", List.of("cleanup", "drop")));
        run.view().await(run.workflow(), "waiting: cleanup");
        run.signal("rollback", Map.of("requestedBy", "alice", "reason", "not today"));
        run.view().await(run.workflow(), "completed");
        assertThat(run.temporal().status(run.workflow()).path("state").asText()).isEqualTo("rolled_back");

        run.completes(run.input());

        assertThat(run.temporal().status(run.workflow()).path("state").asText()).isEqualTo("completed");
    }
}
