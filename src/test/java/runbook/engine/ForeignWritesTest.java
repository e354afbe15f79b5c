package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.engine.account.Account;
import runbook.engine.account.Accounts;
import runbook.message.CheckVerdict;
import runbook.message.Phase;
import runbook.message.TrialRequest;
import runbook.message.Verdict;

/** Whoever writes to the new tables before the cutover, and has no business there, is noted, told, and never held up. */
class ForeignWritesTest {

    private static final String SCHEMA = "individual_process_status.";
    private static final String CLAIMS = SCHEMA + "individual_process_status_claims";
    private static final String INSERT = "insert into " + CLAIMS + " values (9000001, 'trial'), (9000002, 'trial')";
    private static final String TRIGGERS = "select count(*) from pg_trigger where tgname like 'runbook\\_foreign\\_%'";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void expanded() throws SQLException {
        ground = new Ground(postgres, 200).expanded();
        ground.sql("grant select, insert, update, delete on " + CLAIMS + " to app");
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void notes_what_the_application_writes_past_the_migration() throws SQLException {
        ground.copied();
        as(
                Role.APP,
                "set application_name = 'cron'",
                INSERT,
                "delete from " + CLAIMS + " where individual_process_id = 7");
        as(Role.APP, "update " + CLAIMS + " set claimed_by = 'trial' where false");

        assertThat(found().verdict()).isEqualTo(Verdict.FAILED);
        assertThat(found().severity()).isEqualTo("advisory");
        assertThat(found().note())
                .isEqualTo(
                        "1 row of " + CLAIMS + " by role app (DELETE), 2 rows of " + CLAIMS + " by role app (INSERT)");
        assertThat(lines(true)).extracting(Account.ForeignLine::application).containsOnly("cron");
        assertThat(lines(true).get(0).keys()).contains("9000001", "9000002");
        assertThat(lines(false)).extracting(Account.ForeignLine::keys).containsOnlyNulls();
    }

    @Test
    void notes_nothing_of_the_copy_the_mirrors_a_trial_or_a_repair() throws SQLException {
        Trials.bringOver(
                ground.target, new TrialRequest(ground.at(Phase.SCHEMA), "1", "dana", "once"), ground.migration);
        ground.copied();
        as(
                Role.APP,
                "update " + SCHEMA + "individual_processes set status = 'seen' where id between 1 and 20",
                "delete from " + SCHEMA + "individual_processes where id = 21");
        ground.behindTheMirrors("update " + SCHEMA + "individual_process_statuses set status_name = 'no'"
                + " where individual_process_id = 5 and is_active");
        ground.validated();
        assertThat(ground.repair("the active status is the legacy status", "legacy wins", false, "repaired")
                        .rows())
                .isOne();
        ground.again();

        Ground.passes(ground.validated());

        assertThat(lines(true)).isEmpty();
        assertThat(found().verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void a_person_with_all_rights_is_noted_too_and_so_is_a_replica() throws SQLException {
        as(Role.RUNBOOK, INSERT);
        as(Role.SUPERUSER, "set session_replication_role = replica", "delete from " + CLAIMS);

        assertThat(lines(false))
                .extracting(line -> line.role() + " " + line.statement() + " " + line.rows())
                .containsExactly("runbook INSERT 2", "postgres DELETE 2");
    }

    @Test
    void a_session_that_calls_itself_the_engine_is_believed_only_with_the_right_to_be() throws SQLException {
        as(Role.APP, "set runbook.session = 'on'", INSERT);

        assertThat(lines(false)).singleElement().satisfies(line -> assertThat(line.role())
                .isEqualTo("app"));
    }

    @Test
    void a_listed_role_may_write() throws SQLException {
        var table = ground.migration.created().get(1);
        ForeignWrites.watching(table, "1", List.of("app"), "{}").forEach(ground.target.dsl()::execute);

        as(Role.APP, INSERT);
        as(Role.SUPERUSER, "set role app", "update " + CLAIMS + " set claimed_by = 'mirror'");

        assertThat(lines(false)).isEmpty();
    }

    @Test
    void nobody_waits_for_another_and_nobody_is_refused() throws SQLException {
        as(Role.APP, "insert into " + CLAIMS + " values (9000009, 'trial')");
        try (Connection one = connect();
                Connection other = connect()) {
            one.setAutoCommit(false);
            other.setAutoCommit(false);
            other.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            execute(other, "set lock_timeout = '1s'", "select 1");
            execute(one, "insert into " + CLAIMS + " values (9000001, 'trial')");

            execute(other, "insert into " + CLAIMS + " values (9000002, 'trial')");

            one.commit();
            execute(other, "insert into " + CLAIMS + " values (9000003, 'trial')");
            other.commit();
        }

        assertThat(lines(false)).singleElement().satisfies(line -> {
            assertThat(line.rows()).isEqualTo(4);
            assertThat(line.statements()).isEqualTo(4);
        });
    }

    @Test
    void a_watch_that_somebody_took_away_is_not_verified() throws SQLException {
        as(Role.SUPERUSER, "alter table " + CLAIMS + " disable trigger runbook_foreign_update");

        assertThat(found().verdict()).isEqualTo(Verdict.NOT_VERIFIED);
        assertThat(found().note()).isEqualTo("not watched: " + CLAIMS);
    }

    @Test
    void the_watch_ends_with_the_first_switch() throws SQLException {
        ground.copied();
        assertThat(ground.number(TRIGGERS)).isEqualTo(8);
        Ground.passes(ground.validated());

        Ground.passes(ground.flipped(ground.firstStage()));
        as(Role.APP, INSERT);

        assertThat(ground.number(TRIGGERS)).isZero();
        assertThat(found().verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void a_switch_that_parks_and_a_first_stage_back_leave_the_tables_watched() throws SQLException {
        ground.copied();
        Ground.passes(ground.validated());
        ground.sql("select runbook.stop('test')");
        assertThatThrownBy(() -> ground.flipped(ground.firstStage())).isInstanceOf(RunbookException.Parked.class);
        assertThat(ground.number(TRIGGERS)).isEqualTo(8);
        ground.sql("select runbook.lift_stop('test')");
        Ground.passes(ground.flipped(ground.firstStage()));
        as(Role.APP, "insert into " + CLAIMS + " values (9000003, 'mirror')");

        Ground.passes(ground.steppedBack(ground.firstStage()));
        assertThat(found().verdict()).isEqualTo(Verdict.PASSED);

        as(Role.APP, INSERT);
        assertThat(found().verdict()).isEqualTo(Verdict.FAILED);
        as(Role.RUNBOOK, "drop trigger runbook_foreign_insert on " + CLAIMS);
        assertThat(found().note()).contains("not watched: " + CLAIMS);
    }

    @Test
    void the_watch_ends_with_the_way_back() {
        ground.copied();

        Ground.passes(ground.wentBack());

        assertThat(ground.number(TRIGGERS)).isZero();
        assertThat(ground.number("select count(*) from runbook.watch where until is null"))
                .isZero();
    }

    private CheckVerdict found() {
        return ForeignWrites.check(new Results(ground.target, ground.at(Phase.VALIDATION)), ground.migration);
    }

    private List<Account.ForeignLine> lines(boolean reveal) {
        return Accounts.of(ground.target, ground.migration.name(), new Catalog(List.of(ground.migration)), reveal)
                .foreignWrites();
    }

    private Connection connect() throws SQLException {
        return postgres.database().connect(Role.APP);
    }

    private void as(Role role, String... statements) throws SQLException {
        try (Connection session = postgres.database().connect(role)) {
            execute(session, statements);
        }
    }

    private static void execute(Connection session, String... statements) throws SQLException {
        try (Statement statement = session.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
        }
    }
}
