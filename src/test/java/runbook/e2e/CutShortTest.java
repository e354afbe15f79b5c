package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static runbook.e2e.NewShape.execute;
import static runbook.e2e.NewShape.number;

import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import runbook.Eventually;
import runbook.cli.dev.Role;

/** {@code temporal workflow cancel}, {@code terminate} and {@code reset} in several phases, each with a new start. */
class CutShortTest extends OneRun {

    @Test
    @Timeout(240)
    void a_cancelled_run_goes_back_in_order_and_the_next_one_finds_a_clean_base() throws Exception {
        startUpTo("schema");
        cancelled("aborted");

        try (Connection application = heldRow()) {
            run.started(run.input());
            run.view().awaitActivity(run.workflow(), "backfill", "CopyRanges");
            cancel();
            application.rollback();
            closes("aborted");
        }

        run.started(run.input("soak", "PT1H"));
        run.view().await(run.workflow(), "soak");
        cancelled("aborted");

        run.started(run.input("drop", true, "hold", "PT1H"));
        run.view().await(run.workflow(), "hold");
        cancelled("completed");
        NewShape.holdsEveryStatusOf(postgres.database());
    }

    @Test
    @Timeout(240)
    void a_terminated_run_is_taken_over_by_the_next_one_wherever_it_was() throws Exception {
        startUpTo("schema");
        terminate();

        try (Connection application = heldRow()) {
            run.started(run.input());
            run.view().awaitActivity(run.workflow(), "backfill", "CopyRanges");
            terminate();
            run.started(run.input("soak", "PT1H"));
            application.rollback();
        }
        run.view().await(run.workflow(), "soak");
        terminate();

        run.started(run.input("gates", List.of("cleanup", "drop")));
        run.view().await(run.workflow(), "waiting: cleanup");
        try (Connection application = heldRow()) {
            run.signal("rollback", Map.of("requestedBy", "alice"));
            run.view().awaitActivity(run.workflow(), "rollback", "FlipBack");
            awaitThatItGoesBack();
            terminate();
            run.started(run.input("drop", true, "hold", "PT1H"));
            application.rollback();
        }
        run.view().await(run.workflow(), "hold");
        terminate();

        run.completes(run.input());
        NewShape.holdsEveryStatusOf(postgres.database());
        assertThat(number(
                        postgres.database(), "select count(*) from runbook.migration_run where state = 'rolled_back'"))
                .isEqualTo(1);
        assertThat(number(postgres.database(), "select count(*) from runbook.audit where act = 'retire'"))
                .isEqualTo(1);
    }

    @Test
    @Timeout(120)
    void what_a_terminated_run_found_wrong_is_looked_at_anew_by_the_next_one() throws Exception {
        String update = "update individual_process_status.individual_processes set status = 'astray' where id = 8";
        run.started(run.input("gates", List.of("validation", "drop")));
        run.view().await(run.workflow(), "waiting: validation");
        execute(postgres.database(), Role.SUPERUSER, "set session_replication_role = replica", update);
        run.approve("validation");
        run.view().reach(run.workflow(), "parked: validation");
        terminate();
        execute(postgres.database(), Role.SUPERUSER, update.replace("astray", "found again"));

        run.completes(run.input());
        NewShape.holdsEveryStatusOf(postgres.database());
    }

    @Test
    @Timeout(240)
    void a_reset_run_asks_again_and_copies_nothing_twice() throws Exception {
        startUpTo("schema");
        run.approve("schema");
        run.view().await(run.workflow(), "soak");
        reset("FirstWorkflowTask");
        run.view().await(run.workflow(), "waiting: schema");
        String first = evidence();
        run.ignores("approve", "Not the evidence of now, which is " + first + ": look again.");

        reset("LastWorkflowTask");
        run.approve("schema");
        Eventually.holds("the evidence is gathered anew", RunView.PATIENCE, () -> !evidence()
                .equals(first));
        assertThat(number(
                        postgres.database(),
                        "select count(*) from runbook.standing where salt = '%s'".formatted(newest())))
                .isEqualTo(1);
        run.ignores(
                "approve", "Not the evidence of now, which is " + first + ": look again.",
                "approve", "Not the evidence of now, which is " + evidence() + ": look again.");
        run.refusesAs(
                "another_id",
                run.input(),
                "this database already runs individual_process_status (run 1, workflow " + run.workflow() + ", target '"
                        + postgres.target() + "'). Watch it: temporal workflow metadata -w " + run.workflow());
        run.approve("schema");
        run.view().await(run.workflow(), "soak");
        terminate();

        run.completes(run.input());
        NewShape.holdsEveryStatusOf(postgres.database());
    }

    @Test
    @Timeout(120)
    void a_reset_sends_old_messages_again_unless_told_not_to() throws Exception {
        startUpTo("schema");
        run.signal("pause", Map.of("requestedBy", "alice"));
        run.view().await(run.workflow(), "paused");

        String paused = newest();

        reset("FirstWorkflowTask", "--reapply-exclude", "All");
        run.view().await(run.workflow(), "waiting: schema");
        assertThat(newest()).isNotEqualTo(paused);

        run.signal("pause", Map.of("requestedBy", "alice"));
        run.view().await(run.workflow(), "paused");
        String pausedAgain = newest();
        reset("FirstWorkflowTask");
        Eventually.holds(
                "the new run obeys the old message",
                RunView.PATIENCE,
                () -> !newest().equals(pausedAgain)
                        && run.view().state(run.workflow()).equals("paused"));
    }

    @Test
    @Timeout(240)
    void a_run_that_is_reset_while_it_copies_waits_for_the_copy_to_stop() throws Exception {
        try (Connection application = heldRow()) {
            run.started(run.input());
            run.view().awaitActivity(run.workflow(), "backfill", "CopyRanges");
            reset("FirstWorkflowTask");
            application.rollback();
        }

        run.view().await(run.workflow(), "completed");

        NewShape.holdsEveryStatusOf(postgres.database());
    }

    /** Waits there with all later gates open and an hour of soak ahead. */
    private void startUpTo(String gate) throws Exception {
        run.started(run.input("gates", List.of(gate, "drop"), "soak", "PT1H"));
        run.view().await(run.workflow(), "waiting: " + gate);
    }

    private void cancelled(String outcome) throws Exception {
        cancel();
        closes(outcome);
    }

    private void cancel() {
        successfully("cancel", "-w", run.workflow());
    }

    private void closes(String outcome) throws Exception {
        run.view().reach(run.workflow(), "canceled");
        assertThat(run.temporal().status(run.workflow()).path("state").asText()).isEqualTo(outcome);
    }

    private void terminate() {
        successfully("terminate", "-w", run.workflow(), "--reason", "by hand");
    }

    private void reset(String point, String... more) {
        List<String> line =
                new ArrayList<>(List.of("reset", "-w", run.workflow(), "--type", point, "--reason", "by hand"));
        line.addAll(List.of(more));
        successfully(line.toArray(String[]::new));
    }

    private void successfully(String... arguments) {
        List<String> line = new ArrayList<>(List.of("workflow"));
        line.addAll(List.of(arguments));
        TemporalCli.Printed printed = run.temporal().run(line);
        assertThat(printed.code()).as(printed.all()).isZero();
    }

    private String newest() {
        return run.view()
                .describe(run.workflow())
                .getWorkflowExecutionInfo()
                .getExecution()
                .getRunId();
    }

    private String evidence() {
        return run.view()
                .status(run.workflow())
                .path("gate")
                .path("evidence")
                .asText()
                .substring(0, 8);
    }

    /** As long as this transaction lasts, a backfill has one process left to copy, and a roll-back one to wait for. */
    /** An activity has begun before it has done anything; from here on the database knows. */
    private void awaitThatItGoesBack() throws Exception {
        Eventually.holds(
                "the run is rolling back",
                RunView.PATIENCE,
                () -> number(
                                postgres.database(),
                                "select count(*) from runbook.migration_run where parting = 'rolling_back'")
                        == 1);
    }

    private Connection heldRow() throws Exception {
        Connection application = postgres.database().connect(Role.APP);
        application.setAutoCommit(false);
        try (Statement statement = application.createStatement()) {
            statement.execute("select from individual_process_status.individual_processes where id = 150 for update");
        }
        return application;
    }
}
