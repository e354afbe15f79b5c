package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static runbook.generated.individualprocessstatus.Tables.INDIVIDUAL_PROCESSES;
import static runbook.generated.individualprocessstatus.Tables.USERS;

import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.message.Phase;
import runbook.spi.Migration;
import runbook.spi.Retirement;

/** What hangs on a piece of the old shape is found before that is retired, not when it is dropped. */
class DependentsTest {

    private static final String SCHEMA = "individual_process_status.";
    private static final String PROCESSES = SCHEMA + "individual_processes";
    private static final String VIEW =
            "create view " + SCHEMA + "monthly as select status, count(*) from " + PROCESSES + " group by status";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void cutOver() throws SQLException {
        ground = new Ground(postgres, 50).expanded().copied().cutOver();
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void a_view_on_what_goes_is_told_at_the_gate_and_refused_before_anything_is_retired() {
        ground.sql(VIEW);

        assertThat(Decisions.gather(ground.target, ground.at(Phase.CLEANUP), ground.migration, "cleanup", "salt")
                        .decision())
                .contains("\"holds column " + PROCESSES + ".status\":[\"view " + SCHEMA + "monthly\"]");
        assertThatThrownBy(ground::retired)
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessage(
                        "individual_process_status: clean-up: 1 object is in the way, expected none:\n- view " + SCHEMA
                                + "monthly depends on column " + PROCESSES
                                + ".status\nNothing was retired. Change, drop or rename"
                                + " them, then send the signal 'retry'.");
        assertThat(ground.number("select count(*) from pg_attribute where attname = 'retired_status'"))
                .isZero();
        assertThat(ground.number("select count(*) from pg_trigger where tgname = 'zz_runbook_bring_over'"))
                .isOne();

        ground.sql("drop view " + SCHEMA + "monthly");
        ground.again();
        ground.completed();
    }

    @Test
    void a_foreign_key_a_function_a_publication_and_a_role_are_told() {
        ground.sql("create table " + SCHEMA + "badges (holder bigint references " + SCHEMA + "users)");
        ground.sql("create publication crowd for table " + SCHEMA + "users");
        ground.sql("create function " + SCHEMA + "greet() returns bigint language plpgsql as"
                + " 'begin return (select count(*) from individual_process_status.users); end'");

        String found =
                Dependents.of(ground.target.dsl(), ground.run, archivingUsers()).toString();

        assertThat(found)
                .contains("constraint badges_holder_fkey on table " + SCHEMA + "badges")
                .contains(SCHEMA + "greet()")
                .contains("publications with table " + SCHEMA + "users=[crowd]")
                .contains("roles with rights on table " + SCHEMA + "users=[")
                .contains("app");
    }

    @Test
    void an_archive_name_that_is_taken_is_one_clear_refusal() {
        ground.sql("create schema if not exists runbook_archive");
        ground.sql("create table runbook_archive.users ()");

        assertThatThrownBy(() -> Dependents.refuse(ground.target.dsl(), ground.run, archivingUsers()))
                .isInstanceOf(RunbookException.Parked.class)
                .hasMessageContaining(
                        "runbook_archive.users is there already, so table " + SCHEMA + "users has no place to go");
    }

    private Migration archivingUsers() {
        return (Migration) Proxy.newProxyInstance(
                Migration.class.getClassLoader(),
                new Class<?>[] {Migration.class},
                (self, method, arguments) -> method.getName().equals("cleanup")
                        ? List.of(new Retirement.Archive(USERS), new Retirement.Retire(INDIVIDUAL_PROCESSES.STATUS))
                        : method.invoke(ground.migration, arguments));
    }
}
