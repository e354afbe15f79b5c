package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.message.CheckVerdict;
import runbook.message.Phase;
import runbook.message.Verdict;
import runbook.spi.Preserved;

/** What the migration does not say that it changes stays as it is, also in columns that come later. */
class PreservationTest {

    private static final String PROCESSES = "individual_process_status.individual_processes";
    private static final String CLAIM =
            "no column of " + PROCESSES + " but status, updated_at, updated_by changes through the migration";

    /** Through the new shape: the mirror writes the legacy row. */
    private static final String NEW_WAY = "update individual_process_status.individual_process_statuses"
            + " set status_name = 'seen' where individual_process_id = 5 and is_active";

    private static final String MEDDLER = """
            create function individual_process_status.meddle() returns trigger language plpgsql as
            'begin new.title := new.title || ''!''; return new; end'""";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void watched() throws SQLException {
        ground = new Ground(postgres, 50).expanded().copied();
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void what_is_named_may_change() throws SQLException {
        application(NEW_WAY);

        assertThat(ground.text("select status from " + PROCESSES + " where id = 5"))
                .isEqualTo("seen");
        assertThat(found().verdict()).isEqualTo(Verdict.PASSED);
        assertThat(found().name()).isEqualTo(CLAIM);
    }

    @Test
    void a_trigger_of_the_application_on_the_write_of_a_mirror_is_found() throws SQLException {
        ground.sql(MEDDLER);
        ground.sql("create trigger meddle before update on " + PROCESSES
                + " for each row execute function individual_process_status.meddle()");

        application(NEW_WAY);

        assertThat(found().verdict()).isEqualTo(Verdict.FAILED);
        assertThat(found().note()).isEqualTo("changed all the same, with the number of writes: title (1)");
    }

    @Test
    void a_column_that_comes_later_is_included() {
        ground.sql("alter table " + PROCESSES + " add column later text");

        ground.sql("update " + PROCESSES + " set later = 'by the engine', status = 'seen' where id in (1, 2)");

        assertThat(found().note()).endsWith(": later (2)");
    }

    @Test
    void a_table_of_which_nothing_is_named_stays_whole() {
        ground.sql("update individual_process_status.users set name = 'by the engine' where id = 1");

        assertThat(checks().get(1).name())
                .isEqualTo("no column of individual_process_status.users changes through the migration");
        assertThat(checks().get(1).note()).endsWith(": name (1)");
        assertThat(ground.validated().problems())
                .singleElement()
                .asString()
                .contains("no column of individual_process_status.users changes through the migration");
    }

    @Test
    void what_changes_in_a_partition_changes_in_its_table() {
        ground.sql("create table individual_process_status.parted (id bigint, kept text) partition by range (id)");
        ground.sql("create table individual_process_status.parted_low"
                + " partition of individual_process_status.parted for values from (0) to (10)");
        ground.sql("insert into individual_process_status.parted values (1, 'a')");
        Preserved parted = new Preserved(DSL.table(DSL.name("individual_process_status", "parted")), Set.of());
        ground.target.dsl().execute(Preservation.watching(parted, String.valueOf(ground.run.id()), "{}"));

        ground.sql("update individual_process_status.parted set kept = 'b'");

        assertThat(ground.text("select relation from runbook.changed_column"))
                .isEqualTo("individual_process_status.parted");
    }

    @Test
    void what_the_application_changes_is_its_own_affair() throws SQLException {
        application("update " + PROCESSES + " set title = 'mine', status = 'seen' where id < 10");

        assertThat(found().verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void nobody_looks_any_more_is_not_verified() {
        Preservation.end(ground.target, ground.run, ground.migration, Pulse.NONE);

        assertThat(found().verdict()).isEqualTo(Verdict.NOT_VERIFIED);
        assertThat(found().note()).isEqualTo("trigger runbook_preserved is missing or disabled");
    }

    private CheckVerdict found() {
        return checks().get(0);
    }

    private List<CheckVerdict> checks() {
        return Preservation.check(new Results(ground.target, ground.at(Phase.VALIDATION)), ground.migration);
    }

    private void application(String statement) throws SQLException {
        try (Connection session = postgres.database().connect(Role.RUNBOOK)) {
            session.createStatement().execute(statement);
        }
    }
}
