package runbook.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.Role;
import runbook.message.CheckVerdict;
import runbook.message.Phase;
import runbook.message.PhaseReport;
import runbook.message.Verdict;

/** Each claim of the inventory is seen to hold, and seen failing on what it is for. */
class AssessmentTest {

    private static final String USERS = "individual_process_status.users";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.empty();

    private Ground ground;

    @BeforeEach
    void legacy() throws Exception {
        ground = new Ground(postgres, 100);
        ground.target.dsl().execute("analyze");
    }

    @AfterEach
    void close() {
        ground.close();
    }

    @Test
    void finds_nothing_of_its_own() {
        PhaseReport report = assess();

        Ground.passes(report);
        assertThat(report.checks())
                .filteredOn(check -> check.name().matches("(no|every|the) .*(tables|there|back|identity|fresh).*"))
                .hasSizeGreaterThan(10)
                .allSatisfy(check -> assertThat(check.verdict())
                        .as(check.name() + ": " + check.note())
                        .isIn(Verdict.PASSED, Verdict.NOT_VERIFIED));
        assertThat(report.counts())
                .containsEntry("total", 100L)
                .containsEntry("pending", 100L)
                .containsEntry("copy seconds, at least", 1L);
        assertThat(report.summary()).endsWith("copy 1 to 1 s");
        assertThat(note(report, "the server's disk has room")).contains("SQL cannot tell what is free");
        assertThat(note(report, "the backup folder has room")).startsWith("found ");
    }

    @Test
    void knows_what_an_earlier_owner_of_the_run_brought() {
        ground.expanded().copied();
        ground.adopted("second");
        ground.target.dsl().execute("create view public.people as select * from " + USERS);

        PhaseReport report = assess();

        assertThat(note(report, "no view but ours reads the tables"))
                .isEqualTo("found 1, expected none: public.people");
        assertThat(note(report, "no function names the tables")).isEmpty();
        assertThat(note(report, "no foreign key from elsewhere points at the tables"))
                .isEmpty();
    }

    @Test
    void keeps_what_a_claim_is_about() {
        ground.sql("update individual_process_status.individual_processes set created_by = 987654 where id = 1");

        assess();

        assertThat(ground.number("select count(*) from runbook.violation where row ->> 'created_by' = '987654'"
                        + " and check_name = 'every process was created by a user who exists'"))
                .isEqualTo(1);
    }

    @Test
    void names_what_hangs_on_the_tables() {
        List.of(
                        "create function public.touch() returns trigger language plpgsql as 'begin return new; end'",
                        "create trigger stamps before update on " + USERS
                                + " for each row execute function public.touch()",
                        "create rule quiet as on delete to " + USERS + " do also nothing",
                        "create view public.people as select * from " + USERS,
                        "create materialized view public.kept as select * from " + USERS,
                        "create function public.how_many() returns bigint language sql as 'select count(*) from "
                                + USERS + "'",
                        "create table public.notes (who bigint references " + USERS + ")",
                        "alter table " + USERS + " enable row level security")
                .forEach(statement -> ground.target.dsl().execute(statement));

        PhaseReport report = assess();

        assertThat(note(report, "no trigger but ours fires on the tables")).contains("stamps on " + USERS);
        assertThat(note(report, "no rule rewrites the tables")).contains("quiet on " + USERS);
        assertThat(note(report, "no view but ours reads the tables"))
                .isEqualTo("found 1, expected none: public.people");
        assertThat(note(report, "no materialized view reads the tables")).contains("kept");
        assertThat(note(report, "no function names the tables")).contains("how_many()");
        assertThat(note(report, "no foreign key from elsewhere points at the tables"))
                .contains("of public.notes");
        assertThat(note(report, "no row-level security is on the tables")).contains(USERS + " with 0 policies");
        assertThat(report.problems()).isEmpty();
    }

    @Test
    void a_table_that_inherits_blocks() {
        ground.target.dsl().execute("create table public.more_users () inherits (" + USERS + ")");

        assertThat(assess().problems()).singleElement().asString().contains("more_users inherits from " + USERS);
    }

    @Test
    void names_what_only_a_superuser_makes() throws Exception {
        try (Connection superuser = postgres.database().connect(Role.SUPERUSER);
                Statement statement = superuser.createStatement()) {
            statement.execute("create publication changes for table " + USERS);
            statement.execute("alter table " + USERS + " replica identity nothing");
            statement.execute("create function public.seen() returns event_trigger language plpgsql as 'begin end'");
            statement.execute("create event trigger watcher on ddl_command_end execute function public.seen()");
            statement.execute("select pg_create_physical_replication_slot('left_behind', true)");
            try {
                PhaseReport report = assess();

                assertThat(note(report, "no publication carries the tables")).contains("changes with " + USERS);
                assertThat(note(report, "every published table has a replica identity"))
                        .contains(USERS);
                assertThat(note(report, "no event trigger is there")).contains("watcher on ddl_command_end");
                assertThat(note(report, "no replication slot keeps WAL back")).contains("left_behind keeps ");
                assertThat(report.problems()).isEmpty();
            } finally {
                statement.execute("select pg_drop_replication_slot('left_behind')");
            }
        }
    }

    @Test
    void names_statistics_that_are_old() throws Exception {
        try (Connection owner = postgres.database().connect(Role.RUNBOOK);
                Statement statement = owner.createStatement()) {
            statement.execute(
                    "insert into " + USERS + " (name, role) select 'u', 'client' from generate_series(1, 5000)");
            statement.execute("select pg_stat_force_next_flush()");
        }

        assertThat(note(assess(), "the statistics of the tables are fresh"))
                .contains(USERS + " has 5000 changes since ");
    }

    private PhaseReport assess() {
        return Assessment.assess(ground.target, ground.at(Phase.ASSESSMENT), ground.migration, Pulse.NONE);
    }

    private static String note(PhaseReport report, String claim) {
        return report.checks().stream()
                .filter(check -> check.name().equals(claim))
                .map(CheckVerdict::note)
                .findFirst()
                .orElseThrow();
    }
}
