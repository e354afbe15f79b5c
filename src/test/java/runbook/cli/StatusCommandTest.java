package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;

/** No Temporal runs here: everything that is told comes from the database. */
class StatusCommandTest {

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @Test
    void says_so_where_nothing_was_ever_run() {
        Said said = Said.by("status", "--target", postgres.target());

        assertThat(said.code()).isZero();
        assertThat(said.out()).isEqualToIgnoringNewLines("Nothing was ever run on target '" + postgres.target() + "'.");
    }

    @Test
    void tells_where_an_open_run_stands_and_what_its_next_gate_rests_on() throws Exception {
        Planted.plant(postgres);

        String status = Said.by("status", "--target", postgres.target()).out();

        assertThat(status)
                .contains("run 1, running")
                .contains("checks: 1 advisory, 1 passed; the newest verdict is ")
                .contains("quarantine: 1 rows of backfill 'statuses'")
                .contains("next gate, unless the input took it away: cutover, evidence ", " Approved by eve.\n")
                .containsPattern("schema +alice +temporal-cli:alice +01234567 +2 passed; backup ")
                .contains("what it would lose now: ./runbook reversibility 1 --target " + postgres.target())
                .containsSubsequence("assessment", "backup", "schema", "backfill", "validation")
                .contains("new_status_system");
    }

    @Test
    void tells_programs_the_same() throws Exception {
        Planted.plant(postgres);

        JsonNode status = new ObjectMapper()
                .readTree(Said.by("status", Legacy.NAME, "--target", postgres.target(), "--json")
                        .out());

        JsonNode standing = status.get("standing").get(0);
        assertThat(standing.get("run").get("state").asText()).isEqualTo("running");
        assertThat(standing.get("gate").get("name").asText()).isEqualTo("cutover");
        assertThat(standing.get("gate").get("evidence").asText()).matches("[0-9a-f]{64}");
        assertThat(standing.get("newestVerdict").get("ageSeconds").asLong()).isGreaterThanOrEqualTo(0);
        assertThat(standing.get("control").get("wanted").asText()).isEqualTo("run");
        assertThat(standing.get("progress").get("copied").asLong()).isEqualTo(298);
        assertThat(status.get("runs")).hasSize(1);
    }

    @Test
    void says_what_an_open_run_waits_for() throws Exception {
        Planted.plant(postgres);
        Legacy.execute(
                postgres,
                Role.RUNBOOK,
                "insert into runbook.standing (run, epoch, number, state) values (1, 1, 7, 'parked: validation');"
                        + " update runbook.phase set verdict = null, ended_at = null where phase = 'validation'");

        String status = Said.by("status", "--target", postgres.target()).out();

        assertThat(status)
                .contains("run 1, parked: validation", "1  individual_process_status  parked: validation")
                .containsPattern("validation +1 +interrupted")
                .doesNotContain("running", "next gate");
        assertThat(Said.by("status", "--target", postgres.target(), "--json").out())
                .contains("\"standing\" : \"parked: validation\"");
    }

    @Test
    void after_an_adoption_only_what_the_new_owner_did_tells_which_gate_is_next() throws Exception {
        Planted.plant(postgres);
        Legacy.execute(postgres, Role.RUNBOOK, """
                insert into runbook.standing (run, epoch, number, state) values (1, 1, 7, 'cleanup');
                update runbook.migration_run set epoch = 2;
                insert into runbook.phase (run, phase, attempt, started_at) values (1, 'soak', 1, now());
                insert into runbook.phase (run, phase, attempt, verdict, started_at, ended_at) values
                    (1, 'cutover', 1, 'passed', now(), now()),
                    (1, 'assessment', 10001, 'passed', now() + interval '1 min', now() + interval '1 min'),
                    (1, 'backup', 10001, 'passed', now() + interval '2 min', now() + interval '2 min');
                """);

        String status = Said.by("status", "--target", postgres.target()).out();

        assertThat(status)
                .contains("run 1, running", "next gate, unless the input took it away: schema, evidence ")
                .containsPattern("soak +1 +interrupted");
    }

    @Test
    void shows_a_stop_and_what_it_blocks() throws Exception {
        Planted.plant(postgres);
        Legacy.execute(postgres, Role.RUNBOOK, "select runbook.stop('disk is filling up')");

        String status = Said.by("status", "--target", postgres.target()).out();

        assertThat(status)
                .contains("STOPPED in the database by runbook")
                .contains("disk is filling up. To go on: select runbook.lift_stop(")
                .contains("not now: runbook.stop was called: disk is filling up");
    }

    @Test
    void tells_the_rest_where_tables_are_missing_that_should_be_there() throws Exception {
        Planted.plant(postgres);
        Legacy.execute(
                postgres, Role.RUNBOOK, "drop table individual_process_status.individual_process_statuses cascade");

        Said said = Said.by("status", "--target", postgres.target());

        assertThat(said.code()).isZero();
        assertThat(said.out())
                .contains("run 1, running", "evidence of gate cutover: not verified, SQLSTATE 42P01")
                .contains("counted once the new shape is there");
    }

    @Test
    void lists_a_run_that_is_over_and_tells_about_it_when_it_is_named() throws Exception {
        Planted.plant(postgres);
        Legacy.execute(
                postgres, Role.RUNBOOK, "update runbook.migration_run set state = 'rolled_back', ended_at = now()");

        assertThat(Said.by("status", "--target", postgres.target()).out())
                .contains("No run is open", "1  individual_process_status  rolled back");
        assertThat(Said.by("status", Legacy.NAME, "--target", postgres.target()).out())
                .contains("run 1, rolled back")
                .doesNotContain("next gate");
        assertThat(Said.by("status", "orders", "--target", postgres.target()).out())
                .contains("There is no run of 'orders'");
    }

    @Test
    void a_role_without_rights_on_the_engines_tables_is_told_so_in_one_line() throws Exception {
        Planted.plant(postgres);

        Said said = Said.by("status", "--target", postgres.database().service(Role.APP));

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("SQLSTATE 42501", "permission denied").hasLineCount(1);
    }
}
