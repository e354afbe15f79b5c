package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.engine.account.Accounts;
import runbook.message.Phase;
import runbook.message.RepairReport;
import runbook.migrations.Bundled;

/** A repair can be taken back: what each row held before is kept where only the role of the runs may read it. */
@Timeout(120)
class RepairedRowsTest {

    private static final String SCHEMA = "individual_process_status.";
    private static final String PROCESSES = SCHEMA + "individual_processes";
    private static final String STATUSES = SCHEMA + "individual_process_statuses";
    private static final String CLAIMS = SCHEMA + "individual_process_status_claims";
    private static final String MATCHES = "the active status is the legacy status";
    private static final String NEWEST = "the newest status is the active one";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void copied() throws SQLException {
        ground = new Ground(postgres, 150).expanded().copied();
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void puts_back_what_was_overwritten() {
        ground.behindTheMirrors("update " + STATUSES + " set status_name = 'astray', notes = 'é \"(,)\\ '");

        comesBack(MATCHES, "legacy wins", 150);
    }

    @Test
    void puts_back_what_the_mirrors_made_of_it_too() {
        ground.behindTheMirrors("update " + STATUSES + " set status_name = 'astray' where individual_process_id < 4");

        comesBack(MATCHES, "new wins", 3);
    }

    @Test
    void takes_away_what_was_added() {
        ground.behindTheMirrors(
                "delete from " + STATUSES + " where individual_process_id < 4",
                "delete from " + CLAIMS + " where individual_process_id < 4");

        comesBack("every process has at least one status", "run again", 6);
    }

    @Test
    void puts_both_shapes_back_where_a_repair_of_one_changed_the_other() {
        ground.behindTheMirrors("insert into " + STATUSES
                + " (individual_process_id, status_name, is_active, changed_at) select individual_process_id,"
                + " 'newer', false, now() from " + STATUSES + " where individual_process_id < 4");

        comesBack(NEWEST, "activate the newest", 9);
    }

    /** @param rows how many the repair changes, with what follows from it */
    private void comesBack(String check, String repair, long rows) {
        ground.validated();
        String before = everything();
        ground.repair(check, repair, false, "repair");
        String after = everything();
        assertThat(after).isNotEqualTo(before);

        RepairReport dry = ground.repair(check, "take back", true, "dry");
        assertThat(everything()).isEqualTo(after);
        RepairReport back = ground.repair(check, "take back", false, "back");

        assertThat(everything()).isEqualTo(before);
        assertThat(List.of(dry, back)).allSatisfy(report -> {
            assertThat(report.refused()).isEmpty();
            assertThat(report.keys()).isEqualTo(rows);
            assertThat(report.rows()).isEqualTo(rows);
        });
        assertThat(ground.repair(check, "take back", false, "back")).isEqualTo(back);
        assertThat(ground.repair(check, "take back", false, "once more").refused())
                .contains("found no repair of this check that has changed a row and is not taken back yet");
        assertThat(ground.number("select count(*) from runbook.audit where subject = '" + check + ": take back'"))
                .isEqualTo(2);
    }

    @Test
    void leaves_alone_what_has_changed_since() {
        ground.behindTheMirrors("update " + STATUSES + " set status_name = 'astray' where individual_process_id < 4");
        ground.validated();
        ground.repair(MATCHES, "legacy wins", false, "repair");
        ground.behindTheMirrors("update " + STATUSES + " set notes = 'later' where individual_process_id = 2");

        RepairReport back = ground.repair(MATCHES, "take back", false, "back");

        assertThat(back.keys()).isEqualTo(3);
        assertThat(back.rows()).isEqualTo(2);
        assertThat(ground.text(
                        "select string_agg(individual_process_id::text, ',' order by individual_process_id) from "
                                + STATUSES + " where status_name = 'astray'"))
                .isEqualTo("1,3");
        assertThat(ground.text("select key ->> 'id' || ' ' || outcome from runbook.repaired_row"
                        + " where outcome <> 'put back'"))
                .isEqualTo(ground.text(
                        "select id || ' changed since' from " + STATUSES + " where individual_process_id = 2"));
    }

    @Test
    void can_be_repaired_again_and_goes_to_the_end_without_a_trace() {
        ground.behindTheMirrors("update " + STATUSES + " set status_name = 'astray' where individual_process_id < 4");
        ground.validated();
        ground.repair(MATCHES, "legacy wins", false, "repair");
        ground.repair(MATCHES, "take back", false, "back");
        ground.again();
        ground.validated();
        ground.repair(MATCHES, "legacy wins", false, "again");
        ground.again();

        Ground.passes(ground.validated());
        ground.cutOver().completed();
        assertThat(ground.number("select count(*) from pg_trigger where tgname = 'runbook_repaired'"))
                .isZero();
    }

    @Test
    void leaves_no_trace_of_itself_in_the_old_shape() {
        ground.behindTheMirrors("update " + STATUSES + " set status_name = 'astray' where individual_process_id < 4");
        ground.validated();
        ground.repair(MATCHES, "legacy wins", false, "repair");

        assertThat(ground.wentBack().summary()).isEqualTo("old shape as before, later writes kept");
        assertThat(ground.number("select count(*) from pg_trigger where tgname = 'runbook_repaired'"))
                .isZero();
    }

    @Test
    void keeps_values_where_nobody_else_reads_them() throws SQLException {
        ground.behindTheMirrors("update " + STATUSES + " set status_name = 'ocelot' where individual_process_id < 4");
        ground.validated();
        ground.repair(MATCHES, "legacy wins", false, "repair");
        ground.sql("delete from runbook.violation");

        assertThat(ground.number("select count(*) from runbook.repaired_row where before like '%ocelot%'"))
                .isEqualTo(3);
        assertThat(Accounts.of(ground.target, "1", new Catalog(Bundled.migrations()), true)
                        .toString())
                .doesNotContain("ocelot");
        for (Role role : List.of(Role.APP, Role.APPROVER)) {
            try (Connection session = postgres.database().connect(role);
                    var statement = session.createStatement()) {
                assertThatThrownBy(() -> statement.execute("select from runbook.repaired_row"))
                        .hasMessageContaining("permission denied");
            }
        }
        assertThat(Decisions.gather(ground.target, ground.at(Phase.VALIDATION), ground.migration, "cutover", "salt")
                        .toString())
                .doesNotContain("ocelot");
    }

    private String everything() {
        return List.of(PROCESSES, STATUSES, CLAIMS).stream()
                .map(table -> ground.text("select string_agg(t::text, ';' order by t::text) from " + table + " t"))
                .toList()
                .toString();
    }
}
