package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.RepairReport;
import runbook.message.RepairRequest;
import runbook.message.Verdict;

/** Each cure on the fault it is for: dry first, then in earnest, with an audit line; then the check itself passes. */
@Timeout(120)
class RepairsTest {

    private static final String PROCESSES = "individual_process_status.individual_processes";
    private static final String STATUSES = "individual_process_status.individual_process_statuses";
    private static final String CLAIMS = "individual_process_status.individual_process_status_claims";

    private static final String MATCHES = "the active status is the legacy status";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void keeps_the_latest_of_several_active_statuses() throws Exception {
        copied(100);
        ground.behindTheMirrors(
                "drop index individual_process_status.individual_process_statuses_one_active",
                "insert into " + STATUSES + " (individual_process_id, status_name, is_active, changed_at)"
                        + " select individual_process_id, status_name, true, now() from " + STATUSES
                        + " where individual_process_id between 1 and 3");

        cures("every process has exactly one active status", "keep the latest", 3);

        assertThat(ground.number("select count(*) from " + STATUSES + " s where not is_active and position < (select"
                        + " max(position) from " + STATUSES
                        + " t where t.individual_process_id = s.individual_process_id)"))
                .isEqualTo(3);
    }

    @Test
    void runs_a_process_without_records_again() throws Exception {
        copied(100);
        ground.behindTheMirrors(
                "delete from " + STATUSES + " where individual_process_id between 1 and 3",
                "delete from " + CLAIMS + " where individual_process_id between 1 and 3");

        cures("every process has at least one status", "run again", 3);

        assertThat(ground.number("select count(*) from " + CLAIMS + " where claimed_by = 'repair'"))
                .isEqualTo(3);
    }

    @Test
    void lets_the_new_shape_win() throws Exception {
        copied(100);
        ground.behindTheMirrors(
                "update " + STATUSES + " set status_name = 'from the new' where individual_process_id between 1 and 3");

        cures("the active status is the legacy status", "new wins", 3);

        assertThat(ground.number("select count(*) from " + PROCESSES + " where status = 'from the new'"))
                .isEqualTo(3);
    }

    @Test
    void activates_the_newest() throws Exception {
        copied(100);
        ground.behindTheMirrors("insert into " + STATUSES
                + " (individual_process_id, status_name, is_active, changed_at) select individual_process_id, status_name,"
                + " false, now() from " + STATUSES + " where individual_process_id between 1 and 3");

        cures("the newest status is the active one", "activate the newest", 3);
    }

    @Test
    void activates_the_newest_where_none_is_active() throws Exception {
        copied(100);
        ground.behindTheMirrors(
                "insert into " + STATUSES + " (individual_process_id, status_name, is_active, changed_at) select"
                        + " individual_process_id, status_name, false, now() from " + STATUSES
                        + " where individual_process_id between 1 and 3",
                "update " + STATUSES + " set is_active = false where individual_process_id between 1 and 3");
        ground.validated();
        RepairReport none = ground.repair("every process has exactly one active status", "run again", true, "none");
        assertThat(none.keys()).isEqualTo(3);
        assertThat(none.rows()).isZero();
        ground.again();

        cures("every process has exactly one active status", "activate the newest", 3);
    }

    @Test
    void takes_note_user_and_time_of_a_copied_status_from_the_legacy_row() throws Exception {
        copied(100);
        ground.behindTheMirrors(
                "update " + STATUSES + " set notes = 'other' where individual_process_id = 1",
                "update " + STATUSES + " set changed_by = null where individual_process_id = 2",
                "update " + STATUSES + " set changed_at = changed_at - interval '1 hour'"
                        + " where individual_process_id = 3");

        cures("a copied status is the first of its process and tells of its creation", "as the legacy row says", 3);
    }

    @Test
    void repairs_what_a_stage_of_the_cutover_found() throws Exception {
        copied(100);
        Ground.passes(ground.validated());
        ground.cutOver();
        ground.behindTheMirrors(
                "update " + STATUSES + " set status_name = 'wrong' where individual_process_id between 1 and 3");
        PhaseReport found = ground.checked(ground.firstStage());
        assertThat(found.problems()).singleElement().asString().contains("3 counter-examples", "\"legacy wins\"");
        assertThat(found.checks())
                .filteredOn(check -> !check.repairs().isEmpty())
                .singleElement()
                .satisfies(
                        check -> assertThat(check.repairs()).containsExactly("run again", "legacy wins", "new wins"));

        RepairReport report =
                ground.repair("the list shows the status of the legacy field", "legacy wins", false, "once");

        assertThat(report.refused()).isEmpty();
        assertThat(report.rows()).isEqualTo(3);
        Ground.passes(ground.checked(ground.firstStage()));
    }

    @Test
    void names_nobody_where_a_stranger_was_named() throws Exception {
        copied(100);
        ground.behindTheMirrors(
                "set local runbook.session = 'off'",
                "update " + PROCESSES + " set created_by = 987654 where id between 1 and 3",
                "set local runbook.session = 'on'",
                "update " + STATUSES + " set changed_by = 987654 where individual_process_id between 1 and 3");

        cures("every status was changed by a user who is or was there, or by nobody", "changed by nobody", 3);
    }

    @Test
    void many_keys_are_cured_in_transactions_of_their_own() throws Exception {
        copied(12_000);
        ground.behindTheMirrors("update " + STATUSES + " set status_name = 'wrong'");
        ground.validated();

        RepairReport report = ground.repair(MATCHES, "legacy wins", false, "once");

        assertThat(report.keys()).isEqualTo(12_000);
        assertThat(ground.number("select count(distinct xmin::text) from " + STATUSES))
                .isEqualTo(12_000 / Repairs.AT_ONCE);
        ground.again();
        Ground.passes(ground.validated());
    }

    @Test
    void a_repair_gives_way_to_the_application_and_comes_back() throws Exception {
        copied(100);
        ground.behindTheMirrors(
                "update " + STATUSES + " set status_name = 'wrong' where individual_process_id between 1 and 3");
        ground.validated();
        RepairRequest request = new RepairRequest(
                ground.at(Phase.VALIDATION),
                "the active status is the legacy status",
                "legacy wins",
                false,
                "dana",
                "once");

        try (Connection application = postgres.database().connect(Role.RUNBOOK)) {
            application.setAutoCommit(false);
            application.createStatement().execute("select from " + PROCESSES + " where id = 2 for update");

            RepairReport report = Repairs.repair(ground.target, request, ground.migration, detail -> {
                if (detail instanceof Map<?, ?> told && Objects.equals(told.get("try"), 2)) {
                    release(application);
                }
            });

            assertThat(report.keys()).isEqualTo(3);
        }
        ground.again();
        Ground.passes(ground.validated());
    }

    private static void release(Connection session) {
        try {
            session.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void copied(long rows) throws Exception {
        ground = new Ground(postgres, rows).expanded().copied();
    }

    private void cures(String check, String repair, long keys) {
        PhaseReport before = ground.validated();
        assertThat(before.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(before.problems()).anySatisfy(problem -> assertThat(problem)
                .contains("\"" + check + "\": " + keys + " counter-examples"));

        RepairReport dry = ground.repair(check, repair, true, "dry");
        assertThat(dry.refused()).isEmpty();
        assertThat(dry.keys()).isEqualTo(keys);
        assertThat(dry.rows()).isPositive();
        ground.again();
        assertThat(ground.validated().verdict()).isEqualTo(Verdict.FAILED);

        RepairReport earnest = ground.repair(check, repair, false, "once");
        assertThat(earnest.rows()).isEqualTo(dry.rows());
        assertThat(ground.repair(check, repair, false, "once")).isEqualTo(earnest);
        assertThat(ground.number("select count(*) from runbook.audit where act = 'repair' and subject = '" + check
                        + ": " + repair + "' and detail ->> 'keys' = '" + keys + "'"))
                .isEqualTo(1);
        ground.again();
        Ground.passes(ground.validated());
    }
}
