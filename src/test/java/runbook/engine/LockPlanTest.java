package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.Role;
import runbook.migrations.Bundled;
import runbook.spi.Migration;

class LockPlanTest {

    private static final String PROCESSES = "individual_process_status.individual_processes";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private final Migration migration = new Catalog(Bundled.migrations()).named("individual_process_status");
    private final Targets targets = new Targets();
    private Target target;

    @BeforeEach
    void connect() {
        target = targets.named(postgres.target());
    }

    @AfterEach
    void close() {
        targets.close();
    }

    @Test
    void sees_the_locks_of_each_script_and_leaves_the_target_as_it_was() {
        List<LockPlan.Script> scripts;
        try (LockPlan plan = LockPlan.open(target, migration)) {
            scripts = plan.scripts();
            assertThat(scratchDatabases()).hasSize(1);
        }

        assertThat(scripts)
                .extracting(LockPlan.Script::folder)
                .startsWith("schema")
                .contains("constraints");
        assertThat(scripts)
                .filteredOn(script -> script.script().contains("mirrors_on_legacy_table"))
                .singleElement()
                .satisfies(script -> assertThat(script.locks())
                        .contains(new LockPlan.Lock(PROCESSES, "ShareRowExclusiveLock", true)));
        assertThat(scripts)
                .filteredOn(script -> script.script().contains("by_changed_at"))
                .singleElement()
                .satisfies(script -> {
                    assertThat(script.inTransaction()).isFalse();
                    assertThat(script.locks())
                            .extracting(LockPlan.Lock::mode)
                            .containsExactly("ShareUpdateExclusiveLock");
                });
        assertThat(scratchDatabases()).isEmpty();
        assertThat(target.dsl().fetchCount(DSL.table("pg_catalog.pg_namespace"), DSL.condition("nspname = 'runbook'")))
                .isZero();
    }

    @Test
    void sees_what_the_switch_the_end_and_the_way_back_lock_on_what_is_there_already() {
        Map<String, List<LockPlan.Lock>> locks = new LinkedHashMap<>();
        try (LockPlan plan = LockPlan.open(target, migration)) {
            plan.scripts().forEach(script -> locks.put(script.folder() + "/" + script.script(), script.locks()));
        }

        LockPlan.Lock processes = new LockPlan.Lock(PROCESSES, "AccessExclusiveLock", true);
        assertThat(locks.keySet())
                .containsSubsequence(
                        "schema/V08__new_way.sql",
                        "constraints/V01__by_individual_process.sql",
                        "cutover/stage 'readers'",
                        "cleanup/V01__drop_mirrors.sql",
                        "cleanup/retire",
                        "final/V04__drop_notes_of_departures.sql",
                        "cleanup/drop",
                        "undo/V02__drop_mirrors_from_legacy.sql",
                        "rollback/new tables to the archive");
        assertThat(locks.get("cutover/stage 'readers'"))
                .contains(new LockPlan.Lock(
                        "individual_process_status.individual_process_list", "AccessExclusiveLock", true));
        assertThat(locks.get("cleanup/retire")).contains(processes);
        assertThat(locks.get("cleanup/drop")).contains(processes);
        assertThat(locks.get("undo/V02__drop_mirrors_from_legacy.sql"))
                .anyMatch(lock -> lock.object().equals(PROCESSES) && LockModes.felt(lock.mode()));
        assertThat(locks.get("rollback/new tables to the archive"))
                .anyMatch(lock -> lock.mode().equals("AccessExclusiveLock") && !lock.existing());
    }

    @Test
    void drops_the_scratch_database_when_a_script_fails() {
        assertThatThrownBy(() -> {
                    try (LockPlan plan = LockPlan.open(target, migration)) {
                        be_in_the_way_in(scratchDatabases().get(0));
                        plan.scripts();
                    }
                })
                .hasStackTraceContaining("individual_process_statuses");

        assertThat(scratchDatabases()).isEmpty();
    }

    private void be_in_the_way_in(String database) throws SQLException {
        try (Connection owner = new DevDatabase(database, postgres.server()).connect(Role.RUNBOOK);
                Statement statement = owner.createStatement()) {
            statement.execute("create schema individual_process_status");
            statement.execute("create view individual_process_status.individual_process_statuses as select 1 as id");
        }
    }

    @Test
    void drops_what_a_killed_plan_left_behind() {
        target.dsl().execute("create database runbook_plan_left_behind template template0");

        LockPlan.open(target, migration).close();

        assertThat(scratchDatabases()).isEmpty();
    }

    @Test
    void can_be_closed_more_than_once_and_is_of_no_use_afterwards() {
        LockPlan plan = LockPlan.open(target, migration);
        plan.close();
        plan.close();

        assertThatThrownBy(plan::scripts).isInstanceOfAny(IllegalStateException.class, DataAccessException.class);
    }

    private List<String> scratchDatabases() {
        return target.dsl()
                .fetch("select datname::text from pg_database where starts_with(datname, 'runbook_plan_')")
                .getValues(0, String.class);
    }
}
