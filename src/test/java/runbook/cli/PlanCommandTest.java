package runbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;

class PlanCommandTest {

    private static final String PROCESSES = "individual_process_status.individual_processes";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    @Test
    void prints_every_phase_in_order_without_a_database() {
        String plan = Said.by("plan", Legacy.NAME).out();

        assertThat(plan)
                .containsSubsequence(
                        "==== assessment",
                        "==== backup",
                        "==== schema",
                        "==== backfill",
                        "==== validation",
                        "==== cutover",
                        "==== cleanup",
                        "==== rollback");
        assertThat(plan)
                .contains("-- V01__status_history.sql", ":after_id", "or replace view", "as it was found at the flip");
        assertThat(plan)
                .containsSubsequence(
                        "==== cleanup",
                        "-- after the gate drop, before it: back up, restore into a scratch database, compare",
                        "COPY \"individual_process_status\".\"individual_processes\" TO STDOUT",
                        "-- drop, after the gate drop",
                        "drop if exists \"retired_status\"",
                        "drop table if exists \"individual_process_status\".\"individual_process_status_claims\"",
                        "==== rollback",
                        "-- new tables aside",
                        "create schema if not exists \"runbook_archive\"",
                        "rename to \"individual_process_statuses_run:run\"",
                        "set schema \"runbook_archive\"");
    }

    @Test
    void prints_what_keeps_the_statistics_fresh() {
        assertThat(Said.by("plan", Legacy.NAME).out())
                .containsSubsequence(
                        "==== backfill",
                        "-- before the copy, where statistics are missing or stale",
                        "analyze \"individual_process_status\".\"individual_processes\"",
                        "-- one batch of",
                        "-- V01__by_individual_process.sql",
                        "-- after the copy",
                        "vacuum (analyze) \"individual_process_status\".\"individual_process_statuses\"",
                        "==== validation");
    }

    @Test
    void prints_the_same_as_json() throws IOException {
        JsonNode plan = new ObjectMapper()
                .readTree(Said.by("plan", Legacy.NAME, "--json").out());

        assertThat(plan.get("migration").asText()).isEqualTo(Legacy.NAME);
        assertThat(plan.get("definition").asText()).hasSize(64);
        assertThat(plan.get("statements")).hasSizeGreaterThan(40);
        assertThat(plan.get("statements").get(0).get("phase").asText()).isEqualTo("ASSESSMENT");
        assertThat(plan.has("locks")).isFalse();
    }

    @Test
    void tells_volumes_locks_and_who_is_in_the_way_but_never_what_they_run() throws SQLException {
        Legacy.fill(postgres);
        Said said;

        try (Connection app = postgres.database().connect(Role.APP);
                Statement statement = app.createStatement()) {
            app.setAutoCommit(false);
            statement.execute("set application_name = 'checkout'");
            statement.execute("update " + PROCESSES + " set title = 'planted-title' where id = 1");
            said = Said.by("plan", Legacy.NAME, "--target", postgres.target(), "--exact");
            app.rollback();
        }

        assertThat(said.err()).isEmpty();
        assertThat(said.out())
                .contains("-- " + PROCESSES + ": 300 rows, ")
                .containsSubsequence(
                        "-- schema/V07__mirrors_on_legacy_table.sql",
                        "SHARE ROW EXCLUSIVE on " + PROCESSES,
                        "in the way: pid ",
                        "(app, checkout, idle in transaction, transaction open for ",
                        "holds ROW EXCLUSIVE")
                .containsSubsequence(
                        "-- cutover/stage 'readers'",
                        "ACCESS EXCLUSIVE on individual_process_status.individual_process_list",
                        "-- cleanup/retire",
                        "ACCESS EXCLUSIVE on " + PROCESSES,
                        "-- undo/V02__drop_mirrors_from_legacy.sql",
                        PROCESSES)
                .contains("-- constraints/V02__by_changed_at.sql: new objects only; not one transaction")
                .doesNotContain("planted-title");
        assertThat(scratchDatabases()).isEqualTo("0");
    }

    @Test
    void tells_what_hangs_on_what_will_be_retired() throws Exception {
        Legacy.fill(postgres);
        assertThat(Said.by("plan", Legacy.NAME, "--target", postgres.target()).out())
                .contains("-- Nothing hangs on what will be retired.");
        Legacy.execute(
                postgres,
                Role.RUNBOOK,
                "create view individual_process_status.monthly as select status from " + PROCESSES
                        + "; create function individual_process_status.known() returns bigint language plpgsql as"
                        + " 'begin return (select count(status) from individual_process_status.individual_processes); end'");

        assertThat(Said.by("plan", Legacy.NAME, "--target", postgres.target()).out())
                .containsSubsequence(
                        "==== on target",
                        "-- holds column " + PROCESSES + ".status: view individual_process_status.monthly",
                        "-- functions that name column " + PROCESSES + ".status: individual_process_status.known()",
                        "-- The strongest lock");
        JsonNode plan = new ObjectMapper()
                .readTree(Said.by("plan", Legacy.NAME, "--target", postgres.target(), "--json")
                        .out());
        assertThat(plan.at("/dependents").toString()).contains("view individual_process_status.monthly");
    }

    @Test
    void leaves_no_scratch_database_when_it_is_refused() throws SQLException {
        Legacy.execute(postgres, Role.SUPERUSER, "alter role runbook nocreatedb");
        Said said;
        try {
            said = Said.by("plan", Legacy.NAME, "--target", postgres.target());
        } finally {
            Legacy.execute(postgres, Role.SUPERUSER, "alter role runbook createdb");
        }

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains("scratch database", "SQLSTATE 42501", "./runbook grants " + Legacy.NAME)
                .hasLineCount(1);
        assertThat(scratchDatabases()).isEqualTo("0");
    }

    private String scratchDatabases() throws SQLException {
        return Legacy.value(postgres, "select count(*) from pg_database where datname like 'runbook\\_plan\\_%'");
    }
}
