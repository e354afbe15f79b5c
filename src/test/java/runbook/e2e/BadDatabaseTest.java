package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static runbook.e2e.NewShape.execute;
import static runbook.e2e.NewShape.number;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import runbook.Eventually;
import runbook.cli.dev.Role;

/** What can be wrong with the tables themselves, before a run and under it. */
class BadDatabaseTest extends OneRun {

    private static final String PROCESSES = "individual_process_status.individual_processes";
    private static final String STATUSES = "individual_process_status.individual_process_statuses";

    @Test
    void empty_tables_are_migrated_like_full_ones() throws Exception {
        as(Role.RUNBOOK, "truncate " + PROCESSES + ", individual_process_status.users");

        run.completes(run.input());

        assertThat(number(postgres.database(), "select count(*) from " + STATUSES))
                .isZero();
        NewShape.holdsEveryStatusOf(postgres.database());
    }

    @Test
    void a_table_without_its_key_is_told_with_what_to_add() throws Exception {
        as(Role.RUNBOOK, "alter table " + PROCESSES + " drop constraint individual_processes_pkey");

        run.refuses(
                run.input(),
                "target '" + postgres.target() + "': backfill 'statuses' reads " + PROCESSES + " by (id), which needs a"
                        + " valid unique index over exactly these columns in this order, all not null; found: no such"
                        + " index. CREATE UNIQUE INDEX CONCURRENTLY ON \"individual_process_status\".\"individual_processes\""
                        + " (\"id\");");

        as(Role.RUNBOOK, "alter table " + PROCESSES + " add primary key (id)");
        run.completes(run.input());
    }

    @Test
    void a_table_that_is_not_there_is_told() throws Exception {
        as(Role.RUNBOOK, "alter table individual_process_status.users rename to people");

        run.refuses(
                run.input(),
                "target '" + postgres.target() + "': table individual_process_status.users is not there. Expected the"
                        + " old shape of individual_process_status; is this the right database?");

        as(Role.RUNBOOK, "alter table individual_process_status.people rename to users");
        run.completes(run.input());
    }

    @Test
    void truncate_is_refused_while_both_shapes_are_in_use() throws Exception {
        waitsAt("cleanup");

        for (String table : List.of(PROCESSES, STATUSES)) {
            assertThatThrownBy(() -> as(Role.RUNBOOK, "truncate " + table + " cascade"))
                    .isInstanceOfSatisfying(SQLException.class, error -> assertThat(error.getSQLState())
                            .isEqualTo("55000"))
                    .hasMessageContaining(" is being migrated and cannot be truncated")
                    .hasMessageContaining("Nothing was removed. Use DELETE, which both shapes follow, or wait for the"
                            + " end of the migration.");
        }

        run.approve("cleanup");
        run.view().await(run.workflow(), "completed");
        NewShape.holdsEveryStatusOf(postgres.database());
    }

    @Test
    void a_role_whose_writes_would_pass_by_the_mirrors_is_named_with_the_cure() throws Exception {
        String database = postgres.database().name();
        String problem = "target '" + postgres.target() + "': session_replication_role is 'replica' by default, so"
                + " mirrors would not fire; 'origin' is expected. ALTER ROLE app IN DATABASE " + database
                + " RESET session_replication_role; and end the sessions that have it.";
        as(Role.SUPERUSER, "alter role app in database " + database + " set session_replication_role = replica");

        run.refuses(run.input(), problem);

        as(Role.SUPERUSER, "alter role app in database " + database + " reset session_replication_role");
        waitsAt("validation");
        as(Role.SUPERUSER, "alter role app in database " + database + " set session_replication_role = replica");
        run.approve("validation");
        run.parks(
                "validation",
                "individual_process_status: validation: 1 problem:\n- " + problem
                        + "\nNothing of this phase was done. Correct that, then send the signal 'retry', or 'rollback'.");

        as(Role.SUPERUSER, "alter role app in database " + database + " reset session_replication_role");
        run.completesAfterRetry();
    }

    @Test
    void a_write_that_passed_by_the_mirrors_is_found_and_repaired() throws Exception {
        waitsAt("validation");
        as(
                Role.SUPERUSER,
                "set session_replication_role = replica",
                "update " + PROCESSES + " set status = 'behind the mirrors' where id = 8");
        run.approve("validation");

        String check = "the active status is the legacy status";
        run.parks(
                "validation",
                "individual_process_status: validation: \"" + check
                        + "\": 1 counter-example, 300 rows against 300 in 2 chunks. See it: ./runbook report"
                        + " individual_process_status --target " + postgres.target()
                        + " --reveal. Correct the rows, or send 'repair' with this check and \"run again\" or"
                        + " \"legacy wins\" or \"new wins\", dry at first, then send the signal 'retry', or 'rollback'.");
        run.signal("repair", Map.of("check", check, "repair", "legacy wins", "dryRun", false, "requestedBy", "alice"));

        run.view().reach(run.workflow(), "completed");
        NewShape.holdsEveryStatusOf(postgres.database());
    }

    @Test
    void a_mirror_that_somebody_disabled_stops_the_run_before_anybody_relies_on_it() throws Exception {
        String found = "\"every mirror is in place and fires\": missing or disabled: runbook_mirror_update on "
                + PROCESSES + " (alter table \"individual_process_status\".\"individual_processes\""
                + " enable trigger \"runbook_mirror_update\"). Correct it, then send the signal 'retry', or 'rollback'.";
        run.started(run.input("gates", List.of("validation", "cutover", "drop")));
        run.view().await(run.workflow(), "waiting: validation");
        as(Role.RUNBOOK, "alter table " + PROCESSES + " disable trigger runbook_mirror_update");
        run.approve("validation");
        run.parks("validation", "individual_process_status: validation: " + found);

        as(Role.RUNBOOK, "alter table " + PROCESSES + " enable trigger runbook_mirror_update");
        run.signal("retry", Map.of("requestedBy", "alice"));
        run.view().reach(run.workflow(), "waiting: cutover");
        as(Role.RUNBOOK, "alter table " + PROCESSES + " disable trigger runbook_mirror_update");
        run.approve("cutover");
        run.parks("cutover", "individual_process_status: cutover: " + found);
        assertThat(number(postgres.database(), "select count(*) from runbook.audit where act = 'flip'"))
                .isZero();

        as(
                Role.RUNBOOK,
                "update " + PROCESSES + " set status = 'missed by the mirror' where id = 8",
                "alter table " + PROCESSES + " enable trigger runbook_mirror_update");
        run.signal("retry", Map.of("requestedBy", "alice"));
        Eventually.holds("the missed write is found", RunView.PATIENCE, () -> run.view()
                .status(run.workflow())
                .path("problems")
                .toString()
                .contains("1 counter-example"));
        assertThat(number(postgres.database(), "select count(*) from runbook.audit where act = 'flip'"))
                .isZero();
        run.signal(
                "repair",
                Map.of(
                        "check", "the active status is the legacy status",
                        "repair", "legacy wins",
                        "dryRun", false,
                        "requestedBy", "alice"));
        run.completesAfterRetry();
        NewShape.holdsEveryStatusOf(postgres.database());
    }

    private void waitsAt(String gate) throws Exception {
        run.started(run.input("gates", List.of(gate, "drop")));
        run.view().await(run.workflow(), "waiting: " + gate);
    }

    private void as(Role role, String... statements) throws SQLException {
        execute(postgres.database(), role, statements);
    }
}
